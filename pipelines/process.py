"""Copies of a process that must not outlive it."""

import ctypes
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # of prctl(2): which signal the system sends when the parent is gone
FORK = multiprocessing.get_context("fork")


def copied(target: Callable, *args, daemon: bool = False) -> FORK.Process:
    """Begin a copy of this process that calls `target`. Only while it has one thread: a copy has no other.

    What this process has thrown away stays where it is in the copy: to clear away a database whose threads are not there
    would end it.
    """
    is_collecting = gc.isenabled()
    process = FORK.Process(target=_apart, args=(is_collecting, target, args), daemon=daemon)
    gc.disable()
    try:
        process.start()
    finally:
        if is_collecting:
            gc.enable()
    return process


def _apart(is_collecting: bool, target: Callable, args: tuple) -> None:
    gc.freeze()
    if is_collecting:
        gc.enable()
    target(*args)


def end_with(parent: int) -> None:
    """From now on the system ends this process when its parent, the process of that number, is gone; at once, if it is."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
