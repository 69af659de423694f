"""Reports: what the notebooks call. `from pipelines.report import open_run`."""

from pipelines.report.opening import Run, open_file, open_run

__all__ = ["Run", "open_file", "open_run"]
