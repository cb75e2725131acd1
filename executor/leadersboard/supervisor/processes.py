"""Processes that belong to one `home`, found and ended whoever started them."""

import contextlib
import time
from pathlib import Path

import psutil

# In the environment of everything that is started for a `home`. Nothing reads it but this module.
MARK = "LEADERSBOARD_SUPERVISED_HOME"
_REDIS = ("redis-server", "valkey-server")
_LOOK_EVERY_SECONDS = 0.02


def belonging_to(home: Path) -> list[psutil.Process]:
    """Return the living processes that were started for `home`, but this one and those it descends from."""
    own = psutil.Process()
    spared = {own.pid, *(parent.pid for parent in own.parents())}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid not in spared and _is_of(process, home) and not _is_gone(process):
                found.append(process)
    return found


def end_all(home: Path, grace_seconds: float = 5) -> int:
    """End every process of `home`, with force after `grace_seconds`, and return how many there were."""
    found = belonging_to(home)
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    if wait_gone(found, grace_seconds):
        return len(found)
    # Children that came in the meantime belong to it too.
    left = belonging_to(home)
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.kill()
    wait_gone(left, grace_seconds)
    return len(found)


def wait_gone(processes: list[psutil.Process], seconds: float) -> bool:
    """Wait until all of `processes` have ended, at most `seconds`; return whether they have."""
    deadline = time.monotonic() + seconds
    while not all(_is_gone(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY_SECONDS)
    return True


def memory_bytes(pid: int) -> int:
    """Return the resident memory of a process and all its descendants, in bytes; shared pages count each time."""
    total = 0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total


def _is_of(process: psutil.Process, home: Path) -> bool:
    # Redis writes its title over its environment; where it works gives it away.
    if process.name() in _REDIS:
        return process.cwd() == str(home / "redis")
    return process.environ().get(MARK) == str(home)


def _is_gone(process: psutil.Process) -> bool:
    # One that nobody waits for stays in the table of processes after its end.
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
