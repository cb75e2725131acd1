"""The one place where the command line and the environment of submitted code come from."""

import os
import resource
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from leadersboard.adapters.runner.process_tree import die_with_parent
from leadersboard.ports.runner import RunSpec

# Of the worker's own environment only what says where programs and texts are, nothing that is a secret or an address.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")


class Launcher(Protocol):
    """Turns a command into the one that is really started: here a sandbox puts itself in front."""

    def command(self, argv: Sequence[str], spec: RunSpec) -> list[str]: ...


class PlainLauncher:
    """Starts commands as they are: a process group and an environment of their own, no walls."""

    def command(self, argv: Sequence[str], spec: RunSpec) -> list[str]:
        return list(argv)


def environment(spec: RunSpec) -> dict[str, str]:
    """Return all that the process of a run finds in its environment."""
    home = spec.run_dir / "home"
    temporary = spec.run_dir / "tmp"
    for folder in (home, temporary):
        folder.mkdir(exist_ok=True)
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


def before_exec() -> Callable[[], None]:
    """Return what a started process does to itself before it becomes the command."""
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(parent)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return prepare
