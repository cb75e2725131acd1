"""Processes that end with those who started them, and the end of a whole tree of them."""

import ctypes
import os
import signal
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
# Looked up before any fork: between fork and exec it would be too late.
_prctl = ctypes.CDLL(None, use_errno=True).prctl
_LOOK_SECONDS = 0.001
_GIVE_UP_SECONDS = 30.0


class ProcessesLeft(Exception):
    """Processes do not end although they were killed: they hang in a driver or belong to another user."""


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when `parent`, which started it, ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # It ended before the call above.
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> None:
    """Make this process the parent of all its descendants that lose theirs, so that none gets out of sight."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants(pid: int, spare: Collection[int] = ()) -> Iterator[int]:
    """Yield what is below process `pid`, as it is found, without the children in `spare` and what is below them."""
    waiting = [child for child in _children(pid) if child not in spare]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += _children(found)


def kill_descendants(pid: int, spare: Collection[int] = ()) -> None:
    """Kill every descendant of process `pid` but those that `descendants` leaves out; return when none is left.

    `pid` has to adopt orphans and outlive this call.

    Raises:
        ProcessesLeft: some are still there after half a minute.
    """
    give_up = time.monotonic() + _GIVE_UP_SECONDS
    # One pass is not enough: they may fork while they are killed.
    while alive := _kill_once(pid, spare) or _all_below(pid, spare):
        if time.monotonic() > give_up:
            raise ProcessesLeft(f"processes {sorted(alive)} do not end")
        time.sleep(_LOOK_SECONDS)


def _kill_once(pid: int, spare: Collection[int]) -> list[int]:
    """Kill what is found at the moment it is found: a process that keeps forking and leaving loses that race."""
    alive = []
    for found in descendants(pid, spare):
        if _is_alive(found):
            alive.append(found)
            with suppress(ProcessLookupError, PermissionError):
                os.kill(found, signal.SIGKILL)
    return alive


def _all_below(pid: int, spare: Collection[int]) -> list[int]:
    """Look again at leisure: the kernel's list of children may skip one while others leave it."""
    try:
        below = psutil.Process(pid).children()
        found = [child for child in below if child.pid not in spare]
        found += [deeper for child in found for deeper in _deeper(child)]
    except psutil.NoSuchProcess:
        return []
    return [process.pid for process in found if _is_alive(process.pid)]


def _deeper(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return list(process.children(recursive=True))
    return []


def _children(pid: int) -> list[int]:
    """Return the children of all threads of `pid`; much faster than looking at every process there is."""
    found: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (thread / "children").read_text(encoding="ascii").split())
    return found


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        # The first thread may have ended, which looks like a zombie, while others go on.
        return state not in "ZX" or len(os.listdir(f"/proc/{pid}/task")) > 1  # noqa: PTH208 - names are enough
    except (OSError, IndexError):
        return False


def reap_children() -> None:
    """Take the exit status of every child that has ended, adopted ones too."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
