"""Makes text that reads well out of what programs print for terminals."""

import re
import time
from collections.abc import Callable, Sequence

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PARTIAL_SECONDS = 2.0
_LONGEST_LINE = 10_000
_TRACEBACK_LINES = 40
_TRACEBACK_BYTES = 8 * 1024


class LogText:
    """Passes whole lines on to `write`. A progress bar that redraws itself is one line, shown every few seconds.

    `size` is what was passed on or cut away, in bytes: states of a line that were overwritten do not count.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._pending = ""
        self._shown_at = time.monotonic()
        self.size = 0

    def feed(self, text: str) -> None:
        *lines, rest = (self._pending + text).replace("\r\n", "\n").split("\n")
        rest = last_state(rest)
        self.size += max(0, len(rest) - _LONGEST_LINE)
        self._pending = rest[:_LONGEST_LINE]
        if lines:
            self._show(lines)
        self.show_partial()

    def show_partial(self) -> None:
        """Pass on a line that has stood unfinished for some time."""
        if time.monotonic() - self._shown_at > _PARTIAL_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Pass on what has no line end yet."""
        if self._pending:
            self._show([self._pending])
            self._pending = ""

    def _show(self, lines: list[str]) -> None:
        final = [last_state(line) for line in lines]
        self.size += sum(len(line.encode("utf-8", "replace")) + 1 for line in final)
        self._write("".join(f"{plain(line)[:_LONGEST_LINE]}\n" for line in final))
        self._shown_at = time.monotonic()


def last_state(line: str) -> str:
    """Return what is left to see of a line that has gone back to its beginning, keeping a going back at its end."""
    body = line.rstrip("\r")
    return body[body.rfind("\r") + 1 :] + ("\r" if len(body) < len(line) else "")


def overwritten(text: str) -> str:
    """Return `text` with only the last state of each line.

    It begins with a going back if its first line did so, since that overwrites what was printed before it.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    back = "\r" if "\r" in lines[0].rstrip("\r") else ""
    return back + "\n".join(map(last_state, lines))


def plain(text: str) -> str:
    """Return `text` without colours and control characters, and such that every encoding can take it."""
    return _CONTROL.sub("", _ANSI.sub("", text)).encode("utf-8", "replace").decode()


def trim_traceback(lines: Sequence[str]) -> str:
    """Return the end of a traceback, without colours: that is where the error is."""
    every = plain("\n".join(lines)).splitlines()
    end = "\n".join(every[-_TRACEBACK_LINES:]).encode()
    return end[-_TRACEBACK_BYTES:].decode(errors="ignore")
