"""The first process in a container: it starts the code, takes the exit status of whoever ends, and ends all with itself.

Its source is what it is given to run, so that nothing of the platform has to lie inside: only the standard library is
imported. Arguments: a name for it to be found by, the filter of system calls in base 64 (empty for none), by how much
the code steps back behind others, and the command.

When its standard input ends, whoever started the container is gone, and it ends too: the kernel then ends every process
of the container. Processes inside can neither signal it nor look into it.
"""

import base64
import ctypes
import os
import select
import signal
import struct
import sys
from collections.abc import Sequence

_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _FILTER = 4, 22, 2
_INSTRUCTION_BYTES = 8
_SIGNAL_BASE = 128
_FORGOTTEN = _SIGNAL_BASE + signal.SIGKILL
_NOT_FOUND = _SIGNAL_BASE - 1


def main(arguments: Sequence[str]) -> None:
    _, encoded, steps_back, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    # The code runs as the same user: without this it could trace this process, and write into its memory.
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    woken, to_wake = os.pipe()
    os.set_blocking(to_wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(to_wake)
    child = os.fork()
    if child == 0:
        _become(command, base64.b64decode(encoded), int(steps_back), libc)
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, select.PIPE_BUF)
            _reap(child)
        if 0 in ready and not os.read(0, 1):
            os._exit(_FORGOTTEN)


def _reap(child: int) -> None:
    """Take the exit status of all who have ended; end with that of `child`."""
    while True:
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else _SIGNAL_BASE - code)
        if ended == 0:
            return


def _become(command: list[str], program: bytes, steps_back: int, libc: ctypes.CDLL) -> None:
    """Become `command`, behind the filter `program`. Never returns."""
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        # What is said keeps its order: Docker would carry two streams one beside the other.
        os.dup2(2, 1)
        os.nice(steps_back)
        # Docker's own addition to what the code is to find in its environment.
        os.environ.pop("HOSTNAME", None)
        if program:
            _filter(program, libc)
        os.execvp(command[0], command)  # noqa: S606 - it is what is to be run
    except OSError as error:
        os.write(2, f"{command[0]}: {error}\n".encode())
    finally:
        os._exit(_NOT_FOUND)


def _filter(program: bytes, libc: ctypes.CDLL) -> None:
    lines = ctypes.create_string_buffer(program, len(program))
    about = struct.pack("HP", len(program) // _INSTRUCTION_BYTES, ctypes.addressof(lines))
    if libc.prctl(_PR_SET_SECCOMP, _FILTER, about, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the filter of system calls is refused")


if __name__ == "__main__":
    main(sys.argv[1:])
