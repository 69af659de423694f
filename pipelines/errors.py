"""Errors that a user is meant to read: one sentence that names what is wrong and what cures it."""


class AlpiaError(Exception):
    """The job cannot be done as things are (exit status 1)."""


class RefusedError(AlpiaError):
    """What is asked for can never be done (exit status 1)."""


class UsageError(AlpiaError):
    """The command was called wrongly (exit status 2)."""
