"""Errors that a user is meant to read: one sentence that names what is wrong and what cures it.

What any other exception says is not ours: a database's "could not convert" quotes the value. Of those only the kind and the
place in the code are told, kept and mailed.
"""

import traceback
from types import TracebackType


class AlpiaError(Exception):
    """The job cannot be done as things are (exit status 1)."""


class RefusedError(AlpiaError):
    """What is asked for can never be done (exit status 1)."""


class UsageError(AlpiaError):
    """The command was called wrongly (exit status 2)."""


def is_meant_to_be_read(name: str) -> bool:
    """Whether the exception of that name is one of these, of those that are imported."""
    return name in _names(AlpiaError)


def _names(kind: type) -> set[str]:
    return {kind.__name__}.union(*(_names(one) for one in kind.__subclasses__()))


def without_values(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """A traceback of places and kinds, also of the exceptions that led to this one, and of nothing that they say."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = without_values(type(before), before, before.__traceback__) + "\nand then:\n" if before else ""
    places = [f"  {frame.filename}:{frame.lineno}, in {frame.name}" for frame in traceback.extract_tb(trace)]
    return told + "\n".join([*places, kind.__name__])
