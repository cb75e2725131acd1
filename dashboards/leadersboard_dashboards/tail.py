"""The end of a log, as it grows."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

_ERROR = re.compile(r"(?<![A-Za-z])(\w*Error|\w*Exception|Traceback)(?![a-z])|\b(ERROR|CRITICAL|FATAL)\b")


class Tail(anywidget.AnyWidget):
    """Shows `lines`, which are HTML, below a `note`; the browser asks for more every `seconds` while it `follows`.

    Whoever looks at the end keeps seeing it; whoever has scrolled up stays there.
    """

    _esm = Path(__file__).with_name("tail.js")
    lines = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    seconds = traitlets.Float().tag(sync=True)
    follows = traitlets.Bool(False).tag(sync=True)

    def __init__(self, label: str, seconds: float, look: Callable[[], None]) -> None:
        super().__init__(label=label, seconds=seconds)
        self._look = look
        self.on_msg(self._asked)

    def _asked(self, *_: Any) -> None:
        self._look()
        self.send({"answered": True})


def marked(text: str) -> str:
    """Return a log as HTML in which lines that speak of errors stand out."""
    return "\n".join(
        f'<mark class="lb-error">{html.escape(line)}</mark>' if _ERROR.search(line) else html.escape(line)
        for line in text.splitlines()
    )
