"""One script, run by Python in the process that is set aside for it."""

import codecs
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

from leadersboard.adapters.runner.launch import Launcher, before_exec, environment
from leadersboard.adapters.runner.log_text import LogText, trim_traceback
from leadersboard.ports.runner import RunEnd, RunOutcome, RunSpec

_CHUNK = 64 * 1024
_LAST_LINES = 200
Send = Callable[[tuple[Any, ...]], None]


def run_script(spec: RunSpec, launcher: Launcher, send: Send) -> RunOutcome:
    """Run the script of `spec` to its end and say how it ended; time and memory are the caller's to fill in."""
    argv = [sys.executable, str(spec.entrypoint), *spec.arguments]
    last: deque[str] = deque(maxlen=_LAST_LINES)

    def write(text: str) -> None:
        last.extend(text.splitlines())
        send(("log", text))

    process = subprocess.Popen(
        launcher.command(argv, spec),
        cwd=spec.folder,
        env=environment(spec),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=before_exec(),
    )
    within = _pass_on(process, LogText(write), spec.limits.log_bytes)
    if not within:
        process.kill()
    code = process.wait()
    if not within:
        return RunOutcome(RunEnd.TOO_MUCH_OUTPUT, 0, 0, exit_code=code)
    return _outcome(code, list(last))


def _pass_on(process: "subprocess.Popen[bytes]", log: LogText, limit: int) -> bool:
    """Pass on what the script prints; False once it was too much."""
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    left = limit
    while chunk := process.stdout.read1(_CHUNK):  # type: ignore[attr-defined]  # a pipe is buffered
        left -= len(chunk)
        if left < 0:
            return False
        log.feed(decoder.decode(chunk))
    log.flush()
    return True


def _outcome(code: int, last: list[str]) -> RunOutcome:
    if code == 0:
        return RunOutcome(RunEnd.SUCCEEDED, 0, 0, exit_code=0)
    if code < 0:
        return RunOutcome(RunEnd.PROCESS_DIED, 0, 0, exit_code=code, traceback=trim_traceback(last) or None)
    start = max((n for n, line in enumerate(last) if line.startswith("Traceback (most recent")), default=None)
    if start is None:
        return RunOutcome(RunEnd.CODE_FAILED, 0, 0, exit_code=code, traceback=trim_traceback(last) or None)
    name, _, value = next((line for line in reversed(last) if line.strip()), "").partition(":")
    return RunOutcome(
        RunEnd.CODE_FAILED,
        0,
        0,
        exit_code=code,
        error_name=name.strip().rpartition(".")[2][:200] or None,
        error_value=value.strip()[:2000],
        traceback=trim_traceback(last[start:]),
    )
