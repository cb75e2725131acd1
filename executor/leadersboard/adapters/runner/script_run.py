"""One script, run by Python in the process that is set aside for it."""

import codecs
import os
import re
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from typing import IO, Any

from leadersboard.adapters.runner.launch import Enclosure, Launcher, before_exec, environment
from leadersboard.adapters.runner.log_text import LogText, trim_traceback
from leadersboard.ports.runner import RunEnd, RunOutcome, RunSpec

_CHUNK = 64 * 1024
# As much as a pipe may hold, and no more: somebody else may go on writing.
_CHUNKS_AFTER = 16
_LAST_LINES = 200
_LOOK_SECONDS = 1.0
_ERROR_LINE = re.compile(r"(?P<name>[A-Za-z_][\w.]*)(?:: (?P<value>.*))?$")
Send = Callable[[tuple[Any, ...]], None]


def run_script(spec: RunSpec, launcher: Launcher, send: Send) -> RunOutcome:
    """Run the script of `spec` to its end and say how it ended; time and memory are the caller's to fill in."""
    last: deque[str] = deque(maxlen=_LAST_LINES)

    def write(text: str) -> None:
        last.extend(text.splitlines())
        send(("log", text))

    enclosure = launcher.enclose(spec)
    process = _start(spec, enclosure)
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    log = LogText(write)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for chunk in _printed(process.stdout, process.pid):
        log.feed(decoder.decode(chunk)) if chunk else log.show_partial()
        if log.size > spec.limits.log_bytes:
            process.kill()
            return RunOutcome(RunEnd.TOO_MUCH_OUTPUT, 0, 0, exit_code=enclosure.exit_code(process.wait()))
    log.flush()
    return _outcome(enclosure.exit_code(process.wait()), list(last), enclosure)


def _start(spec: RunSpec, enclosure: Enclosure) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        enclosure.command([sys.executable, str(spec.entrypoint), *spec.arguments]),
        cwd=spec.folder,
        env=environment(spec),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        start_new_session=True,
        pass_fds=enclosure.descriptors,
        preexec_fn=before_exec(trusted=spec.trusted),
    )


def _printed(pipe: IO[bytes], pid: int) -> Iterator[bytes]:
    """Yield what comes through `pipe`, and nothing every second without, until process `pid` has ended.

    Others may hold the pipe open long after it: the end of the process counts, not that of the pipe.
    """
    ended = os.pidfd_open(pid)
    os.set_blocking(pipe.fileno(), False)
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            selector.register(ended, selectors.EVENT_READ)
            over = False
            while not over:
                ready = selector.select(_LOOK_SECONDS)
                over = any(key.fd == ended for key, _ in ready)
                chunk = pipe.read(_CHUNK)
                if chunk == b"":
                    selector.unregister(pipe)
                    selector.select()
                    return
                yield chunk or b""
        for _ in range(_CHUNKS_AFTER):
            yield pipe.read(_CHUNK) or b""
    finally:
        os.close(ended)


def _outcome(code: int, last: list[str], enclosure: Enclosure) -> RunOutcome:
    if code == 0:
        return RunOutcome(RunEnd.SUCCEEDED, 0, 0, exit_code=0)
    if code < 0:
        end = RunEnd.OUT_OF_MEMORY if enclosure.killed_for_memory() else RunEnd.PROCESS_DIED
        return RunOutcome(end, 0, 0, exit_code=code, traceback=trim_traceback(last) or None)
    start = max((n for n, line in enumerate(last) if line.startswith("Traceback (most recent")), default=None)
    shown = last if start is None else last[start:]
    name, value = _error(shown[1:]) if start is not None else _syntax_error(shown[-1:])
    return RunOutcome(
        RunEnd.CODE_FAILED,
        0,
        0,
        exit_code=code,
        error_name=name,
        error_value=value,
        traceback=trim_traceback(shown) or None,
    )


def _error(lines: list[str]) -> tuple[str | None, str | None]:
    """Return name and value of the error that the first line at the margin names."""
    first = next((line for line in lines if line and not line[0].isspace()), "")
    match = _ERROR_LINE.match(first)
    return (match["name"].rpartition(".")[2][:200], (match["value"] or "")[:2000]) if match else (None, None)


def _syntax_error(last_line: list[str]) -> tuple[str | None, str | None]:
    """Python shows no traceback of a script that it cannot read."""
    return _error(last_line) if any("Error: " in line for line in last_line) else (None, None)
