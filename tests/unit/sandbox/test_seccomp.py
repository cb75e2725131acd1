"""The filter refuses what it names, by the numbers of the kernel's own tables, and nothing else."""

import errno
import re
import struct
from pathlib import Path

import pytest

from leadersboard.adapters.sandbox import seccomp

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
ALLOWED = 0x7FFF0000
_NAMESPACE_OF_USERS = 0x10000000


def verdict(machine: str, number: int, first: int = 0, audit: int | None = None) -> int:
    """Run the filter as the kernel does; return 0 where it allows, else the number of the error, or -1 for none."""
    content = seccomp.program(machine)
    assert content is not None
    lines = list(struct.iter_unpack("=HBBI", content))
    seen = struct.pack("=II8xQ40x", number, AUDIT[machine] if audit is None else audit, first)
    loaded, at = 0, 0
    while True:
        code, if_true, if_false, value = lines[at]
        at += 1
        if code == 0x20:
            (loaded,) = struct.unpack_from("=I", seen, value)
        elif code == 0x06:
            return 0 if value == ALLOWED else (value & 0xFFFF) or -1
        else:
            held = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[code]
            at += if_true if held else if_false


@pytest.mark.parametrize("machine", AUDIT)
@pytest.mark.parametrize(
    ("table", "error"), [(seccomp.REFUSED, errno.EPERM), (seccomp.ABSENT, errno.ENOSYS), (seccomp.PRETENDED, -1)]
)
def test_each_call_in_the_tables_is_stopped(machine: str, table: dict[str, tuple[int | None, int]], error: int) -> None:
    place = list(AUDIT).index(machine)
    numbers = {name: both[place] for name, both in table.items()}
    assert {name: verdict(machine, number) for name, number in numbers.items() if number is not None} == dict.fromkeys(
        numbers, error
    )


@pytest.mark.parametrize("machine", AUDIT)
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    header = HEADERS[machine]
    if not header.is_file():
        pytest.skip("the kernel's headers are not installed here (Debian: apt-get install linux-libc-dev)")
    known = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    place = list(AUDIT).index(machine)
    tables = {
        **seccomp.REFUSED,
        **seccomp.ABSENT,
        **seccomp.PRETENDED,
        "clone": seccomp.CLONE,
        "socket": seccomp.SOCKET,
    }
    # Headers may be older than the newest calls.
    wrong = {
        name: both[place] for name, both in tables.items() if known.get(name, str(both[place])) != str(both[place])
    }
    assert wrong == {}


@pytest.mark.parametrize("machine", AUDIT)
def test_processes_and_threads_may_be_made_but_no_namespaces(machine: str) -> None:
    clone = seccomp.CLONE[list(AUDIT).index(machine)]
    threads = 0x3D0F00
    assert verdict(machine, clone, 17) == verdict(machine, clone, threads) == 0
    assert verdict(machine, clone, _NAMESPACE_OF_USERS | 17) == errno.EPERM


@pytest.mark.parametrize("machine", AUDIT)
def test_only_known_families_of_sockets_can_be_made(machine: str) -> None:
    number = seccomp.SOCKET[list(AUDIT).index(machine)]
    allowed = {family for family in range(64) if verdict(machine, number, family) == 0}
    assert allowed == {1, 2, 10, 16}


def test_other_ways_to_call_the_same_kernel_are_closed() -> None:
    assert verdict("x86_64", 0, audit=0x40000003) == errno.ENOSYS, "as on the 32-bit machines"
    assert verdict("x86_64", 0x40000000) == errno.ENOSYS, "as x32"
    assert verdict("x86_64", 0) == 0, "reading"


def test_there_is_no_filter_for_a_machine_whose_numbers_are_not_known() -> None:
    assert seccomp.program("riscv64") is None
