"""Processes that end with those who started them, and the end of a whole tree of them."""

import ctypes
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
# Looked up before any fork: between fork and exec it would be too late.
_prctl = ctypes.CDLL(None, use_errno=True).prctl
_LOOK_SECONDS = 0.01


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when `parent`, which started it, ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # It ended before the call above.
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> None:
    """Make this process the parent of all its descendants that lose theirs, so that none gets out of sight."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_descendants(pid: int) -> None:
    """Kill every descendant of process `pid`, and return when none is left.

    `pid` has to adopt orphans and outlive this call. One pass is not enough: they may fork while they are killed.
    """
    while descendants := _alive_below(pid):
        for process in descendants:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        time.sleep(_LOOK_SECONDS)


def _alive_below(pid: int) -> list[psutil.Process]:
    try:
        below = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [process for process in below if _is_alive(process)]


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def reap_children() -> None:
    """Take the exit status of every child that has ended, adopted ones too."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def memory_below(pid: int) -> int:
    """Return the memory that the descendants of `pid` hold together, in bytes; shared pages count once.

    This is the sum of their proportional set sizes (Linux, /proc/PID/smaps_rollup).
    """
    try:
        below = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return 0
    return sum(_proportional_set_size(process.pid) for process in below)


def _proportional_set_size(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except (OSError, ValueError):
        return 0
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
