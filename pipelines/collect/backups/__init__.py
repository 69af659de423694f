"""Backups as the tools that make them tell of them: the output of restic and pgBackRest, saved as it is."""
