"""What a run finds of the file system, whichever walls stand around it."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import leadersboard
from leadersboard.adapters.runner.launch import HOME, WRITABLE
from leadersboard.adapters.sandbox import user_namespace
from leadersboard.adapters.sandbox.ownership import hand_over, is_closed, let_read
from leadersboard.ports.runner import RunSpec

# What the loader, the fonts and the programs of a distribution look up; nothing that tells of this installation.
OF_ETC = (
    "alternatives",
    "fonts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "mime.types",
    "OpenCL",
)
# Where programs and libraries of the system are, beside /usr; in most systems they are links into it.
SYSTEM_FOLDERS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
# Files of /etc that are the run's own, below its run folder.
MADE_UP = "etc"
# What lies in memory without being any process's, as a part of the run's memory.
SHARED_MEMORY_PART = 4
TEMPORARY_PART = 8
_SIGNAL_BASE = 128
_HIGHEST_SIGNAL = 64


def readable(spec: RunSpec, everybodys: Sequence[Path]) -> Iterator[Path]:
    """Yield the folders of the run, and those of everybody, that it may read."""
    yield from everybodys
    yield from spec.readable
    yield spec.folder
    if spec.entrypoint.parent != spec.folder:
        yield spec.entrypoint.parent


def environment_of_python(spec: RunSpec) -> Iterator[Path]:
    """Yield the folders that the interpreter and what is installed for it need."""
    interpreter = Path(sys.executable).resolve().parents[1]
    yield from (Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve(), interpreter)
    if spec.trusted:
        # Scoring notebooks use the platform's own package; what is submitted has no need of it.
        yield Path(leadersboard.__file__).parents[1]


def writable(spec: RunSpec) -> list[Path]:
    return [spec.output_dir, *(spec.run_dir / name for name in WRITABLE)]


def prepare(spec: RunSpec) -> int:
    """Make the run's folders those of the user whom its code gets, and return that user.

    Where the platform runs as root this is one who owns nothing else. The platform's own notebooks stay the platform's,
    and own what they read.
    """
    own = os.getuid()
    user = user_namespace.user_of(str(spec.run_dir)) if own == 0 and not spec.trusted else own
    _make_up_etc(spec, user)
    if user != own:
        hand_over(writable(spec), user)
        for folder in (spec.folder, *filter(is_closed, spec.readable)):
            let_read(folder)
    return user


def group_of(user: int) -> int:
    """Return the group of a run's `user`: it may have another number where both are the platform's own."""
    return user if user != os.getuid() else os.getgid()


def with_signal(code: int) -> int:
    """Return an exit code as Python has it. As shells do, walls tell of a signal by a number above 128."""
    return _SIGNAL_BASE - code if _SIGNAL_BASE < code <= _SIGNAL_BASE + _HIGHEST_SIGNAL else code


def _make_up_etc(spec: RunSpec, user: int) -> None:
    """Write the files of /etc that have to name the user of the run and its network."""
    folder = spec.run_dir / MADE_UP
    folder.mkdir(mode=0o755, exist_ok=True)
    group = group_of(user)
    files = {
        "passwd": f"job:x:{user}:{group}:job:{spec.run_dir / HOME}:/bin/sh\n",
        "group": f"job:x:{group}:\n",
        "hosts": "127.0.0.1 localhost job\n::1 localhost\n",
        "hostname": "job\n",
        "resolv.conf": "",
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="ascii")
        (folder / name).chmod(0o644)
