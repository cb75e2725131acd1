"""What a notebook's run says while it goes on, and how much it may say."""

import os
import signal
import subprocess
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from nbformat.notebooknode import NotebookNode

from leadersboard.adapters.runner.log_text import LogText

INJECTED = "injected-parameters"
# After so much of pictures and tables the notebook is written, which shows whether it has become too large.
_TRAFFIC_BYTES = 16 * 1024**2
Send = Callable[[tuple[Any, ...]], None]


class Report:
    """Tells the parent of cells and log lines, and ends the kernel of a run that prints more than it may.

    Cells are counted as in the participant's notebook, from 1. `text_left` is how many bytes of text may still come.
    """

    def __init__(self, send: Send, text_bytes: int) -> None:
        self._send = send
        # Two streams redraw their lines independently of each other.
        self._logs: dict[str, LogText] = defaultdict(lambda: LogText(lambda text: send(("log", text))))
        self.text_left = text_bytes
        self._traffic = 0
        self._numbers: Sequence[int] = ()
        self.kernel: subprocess.Popen[bytes] | None = None
        self.cell: int | None = None
        self.too_much = False

    def kernel_started(self, kernel: "subprocess.Popen[bytes]") -> None:
        self.kernel = kernel

    def begins(self, notebook: NotebookNode) -> None:
        self._numbers = cell_numbers(notebook)

    def cell_begins(self, index: int) -> None:
        number = self._numbers[index]
        if number != self.cell:
            self.cell = number
            self._send(("cell", number, self._numbers[-1]))
            self._send(("log", f"[cell {number}/{self._numbers[-1]}]\n"))

    def cell_ends(self) -> None:
        for log in self._logs.values():
            log.flush()

    def printed(self, stream: str, text: str) -> None:
        self._logs[stream].feed(text)

    def kept(self, size: int) -> None:
        """Take note that the text in the notebook has grown by `size`."""
        self.text_left -= size
        if self.text_left < 0:
            self.end_for_too_much()

    def passed(self, size: int) -> bool:
        """Take note of an output of `size` that is no text; True if it is time to see what has become of the file."""
        self._traffic += size
        due = self._traffic > _TRAFFIC_BYTES
        if due:
            self._traffic = 0
        return due

    def end_for_too_much(self) -> None:
        self.too_much = True
        if self.kernel is not None and self.kernel.poll() is None:
            # It leads a process group of its own.
            with suppress(ProcessLookupError):
                os.killpg(self.kernel.pid, signal.SIGKILL)


def cell_numbers(notebook: NotebookNode) -> list[int]:
    """Return the number of each cell. The injected one, which the participant did not write, shares its neighbour's."""
    numbers: list[int] = []
    number = 0
    for cell in notebook.cells:
        number += INJECTED not in tags_of(cell)
        numbers.append(max(number, 1))
    return numbers


def tags_of(cell: NotebookNode) -> Sequence[str]:
    return cell.metadata.get("tags") or ()
