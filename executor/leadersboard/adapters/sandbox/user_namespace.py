"""A user namespace for a platform that runs as root, so that submitted code does not.

A platform without root gets its namespace from bubblewrap itself. As root that would map root to the code: it would own
the platform's files again as soon as it got hold of them, and no limit on processes would count for it. So one is made
here in which all users are there, bubblewrap sets the walls up in it, and the code runs as a user who owns nothing.
"""

import ctypes
import os
import zlib
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
# Looked up before any fork: between fork and exec it would be too late.
_unshare = ctypes.CDLL(None, use_errno=True).unshare
# Above what anybody hands out, so that a run's user owns nothing and is nobody else's.
_FIRST, _COUNT = 1_900_000_000, 65_536
# Where a container has no such numbers: the last one that is nobody's.
_LAST_OF_FEW = 65_533


class NamespaceRefused(OSError):
    """The kernel or the container does not let this process make a user namespace."""


def user_of(name: str) -> int:
    """Return the number of the user and group that the run called `name` gets."""
    first, _, count = _own_map("uid")[-1]
    if first + count <= _FIRST + _COUNT:
        return _LAST_OF_FEW
    return _FIRST + zlib.crc32(name.encode()) % _COUNT


def open_namespace() -> int:
    """Return a descriptor of a new user namespace that has the users of this one, and lets nobody make further ones.

    Raises:
        NamespaceRefused
    """
    ready, to_parent = os.pipe()
    go_on, to_child = os.pipe()
    child = os.fork()
    if child == 0:
        _be_in_namespace(to_parent, go_on, unused=to_child)
    os.close(to_parent)
    os.close(go_on)
    try:
        if os.read(ready, 1) != b"u":
            raise NamespaceRefused("the system does not allow user namespaces here")
        for kind in ("uid", "gid"):
            lines = "".join(f"{first} {first} {count}\n" for first, _, count in _own_map(kind))
            Path(f"/proc/{child}/{kind}_map").write_text(lines, encoding="ascii")
        descriptor = os.open(f"/proc/{child}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
        os.write(to_child, b"m")
        if os.read(ready, 1) != b"l":
            os.close(descriptor)
            raise NamespaceRefused("user namespaces cannot be limited here")
        return descriptor
    finally:
        os.close(to_child)
        os.close(ready)
        os.waitpid(child, 0)


def _be_in_namespace(to_parent: int, go_on: int, unused: int) -> None:
    """Hold the namespace until the parent has it. Never returns."""
    try:
        os.close(unused)
        if _unshare(_CLONE_NEWUSER) == 0:
            os.write(to_parent, b"u")
            os.read(go_on, 1)
            descriptor = os.open("/proc/sys/user/max_user_namespaces", os.O_WRONLY)
            os.write(descriptor, b"0")
            os.write(to_parent, b"l")
    finally:
        os._exit(0)


def _own_map(kind: str) -> list[tuple[int, int, int]]:
    """Return first number inside, first outside and count of each range of this process's own namespace."""
    lines = Path(f"/proc/self/{kind}_map").read_text(encoding="ascii").splitlines()
    return [(int(inside), int(outside), int(count)) for inside, outside, count in map(str.split, lines)]
