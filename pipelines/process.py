"""Copies of a process that must not outlive it."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1  # of prctl(2): which signal the system sends when the parent is gone


def end_with(parent: int) -> None:
    """From now on the system ends this process when its parent, the process of that number, is gone; at once, if it is."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
