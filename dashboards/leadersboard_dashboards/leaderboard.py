"""The leaderboard of a benchmark: the board, what is new on it, and plots of it."""

import html
import json
import os
from datetime import UTC, datetime
from typing import Any

from IPython.display import HTML, display

from leadersboard.board import words
from leadersboard_dashboards.figures import score_against_cost, score_over_time
from leadersboard_dashboards.frame import show_frame
from leadersboard_dashboards.live import Live, News
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses, Viewer
from leadersboard_dashboards.words import word

_PLACE = "lb-live-board"
_OWN = ' class="lb-mine"'
_FILTERS = ("entries", "q", "user", "template", "category", "since", "until", "sort", "limit", "offset")


class BoardPage:
    """The board as `viewer` asks for it, now and again."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._wanted = {name: viewer.query[name] for name in _FILTERS if viewer.query.get(name)}
        self._wanted.setdefault("entries", "best")
        self._kept = viewer.settings.home / f"{viewer.name}.{viewer.language}.json"
        self._tag = ""
        self._reached = True

    def show(self) -> None:
        """Display the board, then what keeps it up to date, then the plots."""
        show_frame(self._viewer, "leaderboard")
        display(HTML(f'<div id="{_PLACE}">{self.read()}</div>'))
        display(Live(_PLACE, self._viewer.settings.refresh_seconds, self.news))
        self._show_plots()

    def news(self) -> News:
        """Return the board if it has changed since it was last read, or cannot be read now."""
        before = self._tag
        found = self.read()
        return News(found if self._tag != before or not self._reached else None, self._reached)

    def read(self) -> str:
        """Return the board as HTML; the last one that was seen where the platform does not answer."""
        viewer = self._viewer
        headers = {"If-None-Match": self._tag} if self._tag else {}
        query = {**self._wanted, "part": "true", "lang": viewer.language}
        path = f"/leaderboard/{viewer.name}/page"
        try:
            answer = viewer.fetch("GET", path, params=query, headers=headers)
        except ApiAway:
            self._tag, self._reached = "", False
            return self._last_seen()
        except ApiRefuses as refusal:
            return _note(str(refusal))
        self._reached = True
        if answer.status_code == 304:
            return ""
        self._tag = answer.headers.get("ETag", "")
        self._keep(answer.text)
        return answer.text

    def _keep(self, board: str) -> None:
        """Remember the board as it is without filters, for the time when the platform is away."""
        if self._wanted != {"entries": "best"}:
            return
        about = {"at": datetime.now(UTC).isoformat(), "board": board.replace(_OWN, "")}
        unfinished = self._kept.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(about), encoding="utf-8")
        unfinished.replace(self._kept)

    def _last_seen(self) -> str:
        viewer = self._viewer
        if not self._kept.exists():
            return _note(word("away", viewer.language))
        about: dict[str, Any] = json.loads(self._kept.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(about["at"])
        seconds = (datetime.now(UTC) - at).total_seconds()
        facts = {"age": words.age(seconds, viewer.language), "time": words.moment(at)}
        owner = f'data-user="{html.escape(viewer.user_id)}"'
        board = about["board"].replace(owner, owner + _OWN) if viewer.user_id else about["board"]
        return _note(words.word("stale", viewer.language, **facts)) + str(board)

    def _show_plots(self) -> None:
        viewer = self._viewer
        try:
            plots = viewer.ask(f"/leaderboard/{viewer.name}/plots", **{**self._wanted, "entries": "all"})
        except (ApiAway, ApiRefuses):
            # The board above says so already.
            return
        if not plots["points"]:
            return
        display(HTML(f'<h2 class="lb-plots">{html.escape(word("plots", viewer.language))}</h2>'))
        for figure in (score_over_time(plots, viewer.language), *score_against_cost(plots, viewer.language)):
            display(figure, raw=True)


def show(viewer: Viewer) -> None:
    BoardPage(viewer).show()


def _note(text: str) -> str:
    return f'<p class="lb-note lb-warn" role="status">{html.escape(text)}</p>'
