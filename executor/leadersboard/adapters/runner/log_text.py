"""Makes a log that reads well out of what programs print for terminals."""

import re
import time
from collections.abc import Callable

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_PARTIAL_SECONDS = 2.0
_LONGEST_LINE = 10_000
_TRACEBACK_LINES = 40
_TRACEBACK_CHARACTERS = 8_000


class LogText:
    """Passes whole lines on to `write`. A progress bar that redraws itself is one line, shown every few seconds."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._pending = ""
        self._shown_at = time.monotonic()

    def feed(self, text: str) -> None:
        *lines, self._pending = (self._pending + text).split("\n")
        self._pending = _last_state(self._pending)[:_LONGEST_LINE]
        if lines:
            self._show("".join(f"{_clean(line)}\n" for line in lines))
        elif time.monotonic() - self._shown_at > _PARTIAL_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Pass on what has no line end yet."""
        if self._pending:
            self._show(f"{_clean(self._pending)}\n")
            self._pending = ""

    def _show(self, text: str) -> None:
        self._shown_at = time.monotonic()
        self._write(text)


def _last_state(line: str) -> str:
    """Return what a terminal shows of a line that has gone back to its beginning, keeping a going back at its end."""
    body = line.rstrip("\r")
    return body[body.rfind("\r") + 1 :] + line[len(body) :]


def _clean(line: str) -> str:
    return _ANSI.sub("", _last_state(line).rstrip("\r"))[:_LONGEST_LINE]


def trim_traceback(lines: list[str]) -> str:
    """Return the end of a traceback, without colours: that is where the error is."""
    plain = _ANSI.sub("", "\n".join(lines)).splitlines()
    text = "\n".join(plain[-_TRACEBACK_LINES:])
    return text[-_TRACEBACK_CHARACTERS:]
