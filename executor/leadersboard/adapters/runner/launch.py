"""The one place where the command line and the environment of submitted code come from."""

import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from leadersboard.adapters.runner.memory import MemoryKills
from leadersboard.adapters.runner.process_tree import descendants, die_with_parent
from leadersboard.ports.runner import RunSpec

# Of the worker's own environment only what says where programs and texts are, nothing that is a secret or an address.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")
# What the run itself may write to, below its run folder: sockets of the kernel, home, temporary files.
SOCKETS, HOME, TEMPORARY = "s", "home", "tmp"
WRITABLE = (SOCKETS, HOME, TEMPORARY)
CONNECTION = "kernel.json"
# When memory runs out, the system ends these before anything of the platform.
_FIRST_TO_GO = "1000"
LAST_IN_LINE = 19


class Enclosure(Protocol):
    """The walls around one run. `descriptors` are those that the started process has to inherit."""

    @property
    def descriptors(self) -> Sequence[int]: ...

    def command(self, argv: Sequence[str]) -> list[str]:
        """Return the command that starts `argv` inside."""
        ...

    def exit_code(self, code: int) -> int:
        """Return the exit code of what ran inside, negative for a signal, from that of the started command.

        Raises:
            RunnerBroken: nothing ran inside.
        """
        ...

    def killed_for_memory(self) -> bool:
        """Return whether the system has ended a process for want of memory, as far as it tells."""
        ...

    def close(self) -> None:
        """Let go of what this process holds of it; what still runs inside may end."""
        ...


class Launched(Protocol):
    """A run that was launched, as the worker finds it from outside."""

    def processes(self) -> Iterator[int]:
        """Yield the processes that are the run's own, as they are found."""
        ...

    def end(self) -> None:
        """End what of the run is not below its executor process, and see it gone.

        Raises:
            OSError: it is still there.
        """
        ...


class Launcher(Protocol):
    """Puts walls around runs: here a sandbox comes in."""

    def enclose(self, spec: RunSpec) -> Enclosure:
        """Return the walls for `spec`, whose folders are laid out.

        Raises:
            OSError: they cannot be put up.
        """
        ...

    def launched(self, spec: RunSpec, executor: int) -> Launched:
        """Return the run of `spec`, whose executor process is `executor`, as it is seen from outside."""
        ...

    def sweep(self, run_root: Path) -> int:
        """End what is left of runs whose run folder, directly below `run_root`, is gone; return how many there were.

        Raises:
            OSError: it cannot be looked for, or does not end.
        """
        ...


@dataclass(frozen=True, slots=True)
class InTree:
    """A run all of whose processes are below its executor process, and end with it."""

    executor: int

    def processes(self) -> Iterator[int]:
        return descendants(self.executor)

    def end(self) -> None:
        """Do nothing: the executor process has taken all along."""


class PlainLauncher:
    """Starts commands as they are: a process group and an environment of their own, no walls."""

    def enclose(self, spec: RunSpec) -> Enclosure:
        return _Open()

    def launched(self, spec: RunSpec, executor: int) -> Launched:
        return InTree(executor)

    def sweep(self, run_root: Path) -> int:
        return 0


class _Open:
    descriptors: Sequence[int] = ()

    def __init__(self) -> None:
        self._kills = MemoryKills()

    def killed_for_memory(self) -> bool:
        return self._kills.any()

    def close(self) -> None:
        """Do nothing: there are no walls to hold."""

    def command(self, argv: Sequence[str]) -> list[str]:
        return list(argv)

    def exit_code(self, code: int) -> int:
        return code


def lay_out(spec: RunSpec) -> None:
    """Make the folders that a run may write to beside its output folder."""
    for name in WRITABLE:
        (spec.run_dir / name).mkdir(exist_ok=True, mode=0o700)


def environment(spec: RunSpec) -> dict[str, str]:
    """Return all that the process of a run finds in its environment."""
    home = spec.run_dir / HOME
    temporary = spec.run_dir / TEMPORARY
    own = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        "LANG": "C.UTF-8",
        **own,
        # Programs of the interpreter's own environment come first, as in an activated one.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), own.get("PATH", os.defpath)]),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / ".local/share/jupyter"),
        "JUPYTER_RUNTIME_DIR": str(temporary),
        "MPLCONFIGDIR": str(home / ".matplotlib"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        # A missing weight then fails in seconds instead of after a minute of retries.
        "HF_HUB_OFFLINE": "1",
        # Without it glibc's heap fragments under PatchCore's coreset sampling until it is many times its size.
        "MALLOC_MMAP_THRESHOLD_": "1048576",
        **spec.environment,
    }


def before_exec(*, trusted: bool) -> Callable[[], None]:
    """Return what a started process does to itself before it becomes the command.

    What is not `trusted` gets the processors that the platform and its own notebooks leave.
    """
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(parent)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if not trusted:
            os.nice(LAST_IN_LINE)
        # Some containers do not let anybody change it.
        with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
            file.write(_FIRST_TO_GO)

    return prepare
