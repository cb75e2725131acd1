"""What a run uses beside memory: processors, processes, the disk, the card."""

import itertools
import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from leadersboard.domain.resources import MIB
from leadersboard.ports.runner import RunEnd, RunSpec, Usage

_TICKS = os.sysconf("SC_CLK_TCK")
_BLOCK = 512
# Places in /proc/PID/stat behind the name of the program: times of the process and of those it waited for, and threads.
_TIMES, _THREADS = slice(11, 15), 17
_ASK_SECONDS = 10


class UsageWatch:
    """Follows a run and its `processes`. `peak` is the most that was seen; what a call looks at is in its name."""

    def __init__(self, processes: Callable[[], Iterable[int]], spec: RunSpec) -> None:
        self._processes = processes
        self._limits = spec.limits
        self._folders = (spec.output_dir, spec.run_dir)
        self._card = spec.environment.get("CUDA_VISIBLE_DEVICES", "")
        self._disk = spec.output_dir.stat().st_dev
        self.peak = Usage()

    def look_at_processes(self) -> RunEnd | None:
        """Bring processes, their time and what they wrote up to date; return which limit they pass."""
        seconds, processes, written = 0.0, 0, 0
        for pid in self._processes():
            spent, threads = _times_and_threads(pid)
            seconds += spent
            processes += threads
            written += _written(pid)
        self.peak = replace(
            self.peak,
            cpu_seconds=max(self.peak.cpu_seconds, seconds),
            processes=max(self.peak.processes, processes),
            written_bytes=max(self.peak.written_bytes, written),
        )
        # At the limit the system refuses to start another: more than it are never seen.
        if processes >= self._limits.processes:
            return RunEnd.TOO_MANY_PROCESSES
        if seconds > self._limits.cpu_seconds:
            return RunEnd.TOO_MUCH_CPU_TIME
        return RunEnd.TOO_MUCH_WRITTEN if written > self._limits.written_bytes else None

    def look_at_disk(self) -> RunEnd | None:
        """Bring up to date what the run's folders hold, deleted files that are still open included."""
        size = files = 0
        for blocks in itertools.chain(_below(self._folders), self._deleted()):
            size += blocks * _BLOCK
            files += 1
            if files > self._limits.disk_files:
                break
        self.peak = replace(
            self.peak, disk_bytes=max(self.peak.disk_bytes, size), disk_files=max(self.peak.disk_files, files)
        )
        if files > self._limits.disk_files:
            return RunEnd.TOO_MANY_FILES
        return RunEnd.TOO_MUCH_ON_DISK if size > self._limits.disk_bytes else None

    def look_at_gpu(self) -> RunEnd | None:
        """Bring up to date what the run's card holds, which nobody else uses meanwhile."""
        used = _gpu_memory(self._card)
        self.peak = replace(self.peak, gpu_memory_bytes=max(self.peak.gpu_memory_bytes, used))
        limit = self._limits.gpu_memory_bytes
        return RunEnd.OUT_OF_GPU_MEMORY if 0 < limit < used else None

    def _deleted(self) -> Iterator[int]:
        """Yield the blocks of each file that has no name any more but is open in the run."""
        seen: set[int] = set()
        for pid in self._processes():
            with suppress(OSError):
                for opened in Path(f"/proc/{pid}/fd").iterdir():
                    with suppress(OSError):
                        about = opened.stat()
                        unnamed = stat.S_ISREG(about.st_mode) and about.st_nlink == 0 and about.st_dev == self._disk
                        if unnamed and about.st_ino not in seen:
                            seen.add(about.st_ino)
                            yield about.st_blocks


def _below(folders: tuple[Path, ...]) -> Iterator[int]:
    """Yield the blocks of everything below `folders`, links themselves, not what they lead to."""
    waiting = [os.fspath(folder) for folder in folders]
    while waiting:
        # What is removed meanwhile, or lies deeper than a path can say, holds nothing to speak of.
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    yield entry.stat(follow_symlinks=False).st_blocks
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)


def _times_and_threads(pid: int) -> tuple[float, int]:
    """Return the seconds that a process and those it waited for have spent on processors, and its threads."""
    with suppress(OSError, ValueError, IndexError):
        about = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return sum(map(int, about[_TIMES])) / _TICKS, int(about[_THREADS])
    return 0.0, 0


def _written(pid: int) -> int:
    """Return the bytes that a process and those it waited for have sent to disks."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines():
            name, _, count = line.partition(": ")
            if name == "write_bytes":
                return int(count)
    return 0


def _gpu_memory(card: str) -> int:
    """Return the bytes in use on `card`; nothing where the driver's tool does not say."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return 0
    command = [tool, f"--id={card}", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_ASK_SECONDS, check=True)
        return sum(int(line) for line in answer.stdout.split()) * MIB
    return 0
