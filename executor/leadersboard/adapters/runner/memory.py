"""What memory a run holds, and whether the system ended one of its processes for want of it."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from leadersboard.domain.resources import MIB

# What the platform's own process needs; beyond it are outputs that the run has sent, which are the run's.
_EXECUTOR_BYTES = 128 * MIB
# Below this a higher proportional size is not worth the look, which walks all pages of a process.
_WORTH_BYTES = 32 * MIB
# Folders of a sandbox that lie in memory.
IN_MEMORY = ("/dev/shm", "/tmp")  # noqa: S108 - nothing is put there
_PAGE = os.sysconf("SC_PAGE_SIZE")


class MemoryWatch:
    """Follows the memory of all `processes` of one run, and what its executor process holds for it.

    `peak` is in bytes; shared pages count once.
    """

    def __init__(self, executor: int, processes: Callable[[], Iterable[int]]) -> None:
        self._executor = executor
        self._processes = processes
        self._highest_resident = 0
        self.peak = 0

    def look(self, limit: int) -> bool:
        """Bring `peak` up to date; True if the run holds more than `limit` bytes now.

        The sum of resident sizes counts shared pages several times, but is cheap and never too low: only where it
        says that there may be something new, the proportional set sizes are summed up.
        """
        pids = list(self._processes())
        files = _files_in_memory(pids)
        resident = sum(map(_resident, pids)) + max(0, _resident(self._executor) - _EXECUTOR_BYTES) + files
        if resident <= max(self._highest_resident, self.peak + _WORTH_BYTES) and resident <= limit:
            return False
        self._highest_resident = max(self._highest_resident, resident)
        own = max(0, _proportional(self._executor)[0] - _EXECUTOR_BYTES)
        sizes = [_proportional(pid) for pid in pids]
        held = own + sum(size for size, _ in sizes)
        # Files in memory that processes have mapped are among their sizes already.
        held += max(0, files - sum(shared for _, shared in sizes))
        self.peak = max(self.peak, held)
        return held > limit


def _resident(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    return 0


def _proportional(pid: int) -> tuple[int, int]:
    """Return the proportional set size, and how much of it are files in memory (Linux, /proc/PID/smaps_rollup)."""
    found = {"Pss:": 0, "Pss_Shmem:": 0}
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            name, *size = line.split()
            if name in found:
                found[name] = int(size[0]) * 1024
    return found["Pss:"], found["Pss_Shmem:"]


def _files_in_memory(pids: Sequence[int]) -> int:
    """Return what lies in the file systems in memory that a sandbox has for itself, in bytes.

    No process has to hold it, so that sizes of processes alone would not show it.
    """
    for pid in reversed(pids):
        with suppress(OSError):
            own = [Path(f"/proc/{pid}/root{folder}") for folder in IN_MEMORY]
            if own[0].stat().st_dev != Path(IN_MEMORY[0]).stat().st_dev:
                return sum(map(_used, own))
    return 0


def _used(folder: Path) -> int:
    about = os.statvfs(folder)
    return (about.f_blocks - about.f_bfree) * about.f_frsize


class MemoryKills:
    """Tells whether the system has ended processes for want of memory since this was made.

    A kill signal alone proves nothing: a run may send it to itself. That the system's count has grown meanwhile does.
    """

    def __init__(self) -> None:
        self._before = _killed_for_memory()

    def any(self) -> bool:
        return _killed_for_memory() > self._before


def _killed_for_memory() -> int:
    """Return how many processes the system has ended for want of memory, around this process as far as it tells."""
    for source in (_control_group() / "memory.events", Path("/proc/vmstat")):
        with suppress(OSError, ValueError):
            for line in source.read_text(encoding="ascii").splitlines():
                name, _, count = line.partition(" ")
                if name == "oom_kill":
                    return int(count)
    return 0


def _control_group() -> Path:
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            if line.startswith("0::"):
                return Path(f"/sys/fs/cgroup{line[3:]}")
    return Path("/sys/fs/cgroup")
