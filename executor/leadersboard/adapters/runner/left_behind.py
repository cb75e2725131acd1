"""What a run left on the disk, made safe for those who read it afterwards.

Nothing here follows a link and nothing is believed. Its processes are gone, so that nothing changes meanwhile.
"""

import os
import stat
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

_FOLDER, _FILE = 0o700, 0o600
# Deeper folders are removed: what walks through them would come to its end before them.
_DEEPEST = 32


@dataclass(slots=True)
class _Open:
    """A folder that is being gone through."""

    descriptor: int
    names: Iterator[str]


def remove(folder: Path) -> None:
    """Remove `folder` and everything in it, however deep or wide it is; nothing happens if it is not there.

    Raises:
        OSError: something is still there.
    """
    _remove(str(folder), [])


def take_back(folder: Path) -> None:
    """Make the platform's user the owner of all that is in `folder`, and let it read that, whatever was set.

    What is neither a file nor a folder is removed, as is what lies deeper than anybody looks, or has a name that is no
    name: nobody can use it, a pipe would make its reader wait for ever, and a link would lead him elsewhere.
    """
    path = [_opened(folder, None)]
    try:
        while path:
            name = next(path[-1].names, None)
            if name is None:
                os.close(path.pop().descriptor)
            elif (inner := _settle(name, path[-1].descriptor, len(path))) is not None:
                path.append(inner)
    finally:
        for left in path:
            os.close(left.descriptor)


def _settle(name: str, parent: int, depth: int) -> _Open | None:
    """Settle one entry; return the folder that is to be gone through next, if it is one."""
    mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
    if stat.S_ISDIR(mode):
        if depth < _DEEPEST and _is_name(name):
            return _opened(name, parent)
        _own(name, parent, _FOLDER)
        _remove(f"/proc/self/fd/{parent}/{name}", [parent])
    elif stat.S_ISREG(mode) and _is_name(name):
        _own(name, parent, _FILE)
    else:
        os.unlink(name, dir_fd=parent)
    return None


def _opened(name: str | Path, parent: int | None) -> _Open:
    _own(name, parent, _FOLDER)
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    return _Open(descriptor, iter(os.listdir(descriptor)))  # noqa: PTH208 - a descriptor has no path


def _own(name: str | Path, parent: int | None, mode: int) -> None:
    """Take what is known to be no link."""
    found = os.stat(name, dir_fd=parent, follow_symlinks=False)
    if found.st_uid != os.getuid():
        os.chown(name, os.getuid(), os.getgid(), dir_fd=parent, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) & 0o777 | mode != stat.S_IMODE(found.st_mode):
        os.chmod(name, stat.S_IMODE(found.st_mode) & 0o777 | mode, dir_fd=parent)


def _remove(path: str, descriptors: Sequence[int]) -> None:
    # Of the tools at hand only the system's own take any number of levels and files.
    if not _problem(["rm", "-rf", "--", path], descriptors):
        return
    # Folders that their owner closed to himself.
    _problem(["chmod", "-Rf", "u+rwx", "--", path], descriptors)
    if problem := _problem(["rm", "-rf", "--", path], descriptors):
        raise OSError(problem)


def _problem(command: Sequence[str], descriptors: Sequence[int]) -> str:
    """Return what `command` complained of; nothing if it did what it should."""
    done = subprocess.run(command, capture_output=True, pass_fds=descriptors, check=False)
    return done.stderr.decode(errors="replace")[-500:] or f"exit code {done.returncode}" if done.returncode else ""


def _is_name(name: str) -> bool:
    """Return whether `name` is text that can be shown, and stays the same as a part of an address."""
    return name.isprintable() and unquote(name) == name and "\\" not in name
