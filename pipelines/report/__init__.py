"""Reports: what the notebooks call. `from pipelines.report import open_run`."""

__all__ = ["Run", "open_file", "open_run"]


def __getattr__(name: str):
    """What opens a run comes with pandas, which takes half a second to import: who only starts the notebooks needs none."""
    if name in __all__:
        from pipelines.report import opening

        return getattr(opening, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
