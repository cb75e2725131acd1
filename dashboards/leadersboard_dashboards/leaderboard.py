"""The leaderboard of a benchmark: the board, what is new on it, and plots of it."""

from IPython.display import HTML, display

from leadersboard_dashboards.frame import show_frame
from leadersboard_dashboards.last_seen import LastSeen
from leadersboard_dashboards.live import Live, News
from leadersboard_dashboards.parts import warning
from leadersboard_dashboards.plots import Plots
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses, Viewer
from leadersboard_dashboards.words import word

_PLACE = "lb-live-board"
# The board without any filter.
_AS_IT_IS = {"entries": "best"}
_FILTERS = ("entries", "q", "user", "template", "category", "since", "until", "sort", "limit", "offset")


class BoardPage:
    """The board as `viewer` asks for it, now and again."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._wanted = {name: viewer.query[name] for name in _FILTERS if viewer.query.get(name)}
        self._wanted.setdefault("entries", "best")
        self._last_seen = LastSeen(viewer.settings.home, viewer.name, viewer.language)
        self._tag = ""
        self._reached = True
        self._plots = Plots(viewer.language)

    def show(self) -> None:
        """Display the board, then what keeps it up to date."""
        show_frame(self._viewer, "leaderboard")
        display(HTML(f'<div id="{_PLACE}">{self.read()}</div>'))
        display(Live(_PLACE, self._viewer.settings.refresh_seconds, self.news))

    def show_plots(self) -> None:
        """Display the plots, in a cell of their own: what a cell displays is on the screen once it is over."""
        display(self._plots.box)
        self._draw_plots()

    def news(self) -> News:
        """Return the board if it has changed since it was last read, or cannot be read now."""
        before = self._tag
        found = self.read()
        changed = self._tag != before
        if changed and self._reached:
            self._draw_plots()
        return News(found if changed or not self._reached else None, self._reached)

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
            return self._last_seen.shown_to(viewer.user_id) or _alone(word("away", viewer.language))
        except ApiRefuses as refusal:
            return _alone(str(refusal))
        self._reached = True
        if answer.status_code == 304:
            return ""
        self._tag = answer.headers.get("ETag", "")
        if self._wanted == _AS_IT_IS:
            self._last_seen.keep(answer.text)
        return answer.text

    def _draw_plots(self) -> None:
        """Bring the plots to what the platform has. They stay as they are where it does not answer."""
        viewer = self._viewer
        try:
            plots = viewer.ask(f"/leaderboard/{viewer.name}/plots", **{**self._wanted, "entries": "all"})
        except (ApiAway, ApiRefuses):
            # The board above says so already.
            return
        self._plots.draw(plots)


def _alone(sentence: str) -> str:
    """Return a sentence where the board would be."""
    return f'<section class="lb-board">{warning(sentence)}</section>'
