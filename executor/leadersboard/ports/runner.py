"""Runs a notebook or a script in processes of its own, and sees them gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from leadersboard.domain.resources import ResourceClass


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What to run and where.

    `folder` is the working directory, `output_dir` where results go, `run_dir` for sockets and temporary files. All
    exist, are absolute and belong to this run alone. `readable` are further folders that it may read. A notebook takes
    `parameters`; a script takes `arguments`. The process sees `environment` and a few plain settings, nothing else.
    """

    entrypoint: Path
    folder: Path
    output_dir: Path
    run_dir: Path
    limits: ResourceClass
    parameters: Mapping[str, Any] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    readable: Sequence[Path] = ()
    executed_notebook: Path | None = None
    trusted: bool = False


class RunEnd(StrEnum):
    """How a run ended."""

    SUCCEEDED = "succeeded"
    CODE_FAILED = "code_failed"
    PROCESS_DIED = "process_died"
    TIMED_OUT = "timed_out"
    TOO_MUCH_CPU_TIME = "too_much_cpu_time"
    OUT_OF_MEMORY = "out_of_memory"
    OUT_OF_GPU_MEMORY = "out_of_gpu_memory"
    TOO_MANY_PROCESSES = "too_many_processes"
    TOO_MUCH_OUTPUT = "too_much_output"
    TOO_MUCH_ON_DISK = "too_much_on_disk"
    TOO_MANY_FILES = "too_many_files"
    TOO_MUCH_WRITTEN = "too_much_written"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run used beside memory, at most, as the platform measured it; `ResourceClass` says what each one is."""

    cpu_seconds: float = 0
    gpu_memory_bytes: int = 0
    processes: int = 0
    disk_bytes: int = 0
    disk_files: int = 0
    written_bytes: int = 0


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended, seen from outside. When one is returned, no process of the run is left.

    `cell` counts from 1; `exit_code` is that of the kernel or script, negative for a signal.
    """

    end: RunEnd
    seconds: float
    peak_memory_bytes: int
    cell: int | None = None
    error_name: str | None = None
    error_value: str | None = None
    traceback: str | None = None
    exit_code: int | None = None
    usage: Usage = Usage()


class RunListener(Protocol):
    """Hears of a run while it goes on. Calls come one after the other."""

    async def on_log(self, text: str) -> None: ...

    async def on_cell(self, cell: int, cells: int) -> None:
        """Cell number `cell`, from 1, of `cells` has begun."""
        ...


class Run(Protocol):
    """A run in progress."""

    async def wait(self) -> RunOutcome:
        """Wait for the end; all processes are gone when this returns.

        Raises:
            RunnerBroken: the platform's own part failed, so that nothing can be said of the submission.
        """
        ...

    async def stop(self) -> None:
        """End all processes of the run. `wait` then returns an outcome that is `STOPPED`."""
        ...


class Runner(Protocol):
    """Starts runs."""

    async def start(self, spec: RunSpec, listener: RunListener) -> Run: ...

    async def sweep(self, run_root: Path) -> int:
        """End what is left of runs whose run folder, directly below `run_root`, is gone; return how many there were.

        Raises:
            OSError: it cannot be looked for, or does not end.
        """
        ...

    async def close(self) -> None:
        """End every run that is left and whatever was kept ready for the next."""
        ...


class RunnerBroken(Exception):
    """The platform could not carry a run through."""
