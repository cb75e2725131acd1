"""What is on the page follows what the platform has, while somebody looks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets


@dataclass(frozen=True, slots=True)
class News:
    """What there is to show, None where nothing has changed; and whether the platform answered."""

    html: str | None
    reached: bool = True


class Live(anywidget.AnyWidget):
    """Puts `html` in the place of the element `place`, and asks for news every `seconds`.

    The asking comes from the browser: of a page that nobody looks at any more nothing is asked, and its kernel ends.
    Checked boxes, scroll positions, what is selected and what is being typed stay as they are.
    """

    _esm = Path(__file__).with_name("live.js")
    place = traitlets.Unicode().tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)
    seconds = traitlets.Float().tag(sync=True)

    def __init__(self, place: str, seconds: float, look: Callable[[], News]) -> None:
        super().__init__(place=place, seconds=seconds)
        self._look = look
        self.on_msg(self._asked)

    def _asked(self, *_: Any) -> None:
        news = self._look()
        if news.html is not None:
            self.html = news.html
        self.send({"reached": news.reached})
