"""The filter that keeps submitted code from parts of the kernel that no notebook needs.

It is a list of refusals, not of permissions: what numerical libraries call changes with each release, while what has
no place in a job stays the same. Numbers are those of the kernel's own tables (`asm/unistd_64.h` for x86-64,
`asm-generic/unistd.h` for ARM64). The program is classic BPF, see the kernel's `seccomp_filter.rst`.
"""

import errno
import os
import platform
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Architecture:
    audit: int
    numbers: int  # the place of its numbers in the table below


_ARCHITECTURES = {"x86_64": _Architecture(0xC000003E, 0), "aarch64": _Architecture(0xC00000B7, 1)}
# Numbers from here on are those of x32, another way to call the same kernel.
_X32 = 0x40000000
# Parts of the system that a process may ask for a copy of; threads and processes themselves have other flags.
_NEW_NAMESPACES = 0x7E020000
# Every other family of sockets reaches something that is not part of the sandbox's own network, or old code.
_SOCKET_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)

# Name: number on x86-64, on ARM64; None where there is no such call.
REFUSED: dict[str, tuple[int | None, int]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    # Its segments are memory that belongs to no process, so that nobody would be seen to hold it.
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
# To these the kernel seems to be one that does not have them: whoever calls them knows another way.
ABSENT: dict[str, tuple[int, int]] = {
    "clone3": (435, 435),  # what it asks for lies in memory, where a filter cannot look
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "memfd_create": (319, 279),  # as with shmget
    "memfd_secret": (447, 447),
}
# These do nothing and say that it is done. Where the system shares its processors among sessions, as most do, each
# further one would get as much of them as the whole platform: a few hundred, and the worker cannot renew its lease.
PRETENDED: dict[str, tuple[int, int]] = {"setsid": (112, 157)}
CLONE = (56, 220)
SOCKET = (41, 198)

_LOAD, _JUMP_EQUAL, _JUMP_FROM, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL_WITH = 0x7FFF0000, 0x00050000
# Places in what the filter sees: number, architecture, and the lower half of the first argument.
_NUMBER, _AUDIT, _FIRST_ARGUMENT = 0, 4, 16


def program(machine: str | None = None) -> bytes | None:
    """Return the filter for `machine`, by default this one; None where its numbers are not known here."""
    architecture = _ARCHITECTURES.get(machine or platform.machine())
    if architecture is None:
        return None
    place = architecture.numbers
    lines = [
        *_unless_equal(_AUDIT, architecture.audit, errno.ENOSYS),
        _line(_LOAD, _NUMBER),
        _line(_JUMP_FROM, _X32, 0, 1),
        _fail(errno.ENOSYS),
    ]
    for table, error in ((REFUSED, errno.EPERM), (ABSENT, errno.ENOSYS), (PRETENDED, 0)):
        for numbers in table.values():
            if (number := numbers[place]) is not None:
                lines += [_line(_JUMP_EQUAL, number, 0, 1), _fail(error)]
    lines += _when(CLONE[place], [_line(_JUMP_ANY_BIT, _NEW_NAMESPACES, 0, 1), _fail(errno.EPERM)])
    lines += _when(SOCKET[place], _only(_SOCKET_FAMILIES, errno.EAFNOSUPPORT))
    return b"".join([*lines, _line(_RETURN, _ALLOW)])


def descriptor() -> int | None:
    """Return a descriptor to read the filter from, to be inherited; None where there is no filter for this machine."""
    content = program()
    if content is None:
        return None
    reading, writing = os.pipe()
    # It is far shorter than what a pipe holds.
    os.write(writing, content)
    os.close(writing)
    return reading


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _fail(error: int) -> bytes:
    return _line(_RETURN, _FAIL_WITH | error)


def _unless_equal(place: int, value: int, error: int) -> list[bytes]:
    return [_line(_LOAD, place), _line(_JUMP_EQUAL, value, 1, 0), _fail(error)]


def _when(number: int, look: Sequence[bytes]) -> list[bytes]:
    """Look at the first argument of the call `number`; others pass by."""
    body = [_line(_LOAD, _FIRST_ARGUMENT), *look, _line(_LOAD, _NUMBER)]
    return [_line(_JUMP_EQUAL, number, 0, len(body)), *body]


def _only(allowed: Sequence[int], error: int) -> list[bytes]:
    """Fail unless what was loaded is one of `allowed`."""
    # From the line of each, over those that follow and over the failure.
    lines = [_line(_JUMP_EQUAL, value, len(allowed) - at, 0) for at, value in enumerate(allowed)]
    return [*lines, _fail(error)]
