"""A board as a page that needs no script: for browsers without one, and for whoever came when all kernels were taken."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, Template, select_autoescape

from leadersboard.api.leaderboard.reading import Viewer
from leadersboard.api.leaderboard.schemas import Board
from leadersboard.board import words
from leadersboard.board.selection import Selection
from leadersboard.domain.errors import Language
from leadersboard.shipped import shipped

# Its style is in the page; nothing runs, nothing is loaded, and its form leads back here.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'self'"
}
# Where browsers find the dashboards.
DASHBOARDS = "/services/dashboards/"
# Left to right, as far as they are not metrics.
_AFTER = ("date", "class", "seconds", "memory", "attempt")
_KEPT = ("entries", "q", "user", "template", "category", "since", "until", "sort", "limit", "lang")


def as_page(
    board: Board, wanted: Selection, viewer: Viewer, language: Language, query: Mapping[str, str], *, part: bool
) -> str:
    """Return the page, or only the `part` of it that is the board, to be put into a page of the dashboards."""

    def address(**changed: object) -> str:
        kept = {name: query[name] for name in _KEPT if query.get(name)}
        return "?" + urlencode({**kept, **{name: value for name, value in changed.items() if value not in (None, "")}})

    def turned(name: str) -> str:
        return address(sort=f"-{name}" if wanted.order == name else name)

    facts: dict[str, Any] = {
        "board": board,
        "wanted": wanted,
        "mine": viewer.owns,
        "opens": viewer.opens,
        # Runs and comparisons are pages of the dashboards.
        "pages": DASHBOARDS if part else "",
        "csv": _csv_address(board, address, part=part),
        "note": "" if part else query.get("note", ""),
        "language": language,
        "address": address,
        "turned": turned,
        "after": _AFTER,
        "columns": (5 if part else 4) + len(board.metrics) + len(_AFTER),
        "away": _away(board, language),
        "word": lambda name, **values: words.word(name, language, **values),
        "moment": words.moment,
        "seconds": words.seconds,
        "size": words.size,
    }
    return _template("part.html" if part else "board.html").render(facts)


def _csv_address(board: Board, address: Callable[..., str], *, part: bool) -> str:
    base = f"{DASHBOARDS}api/leaderboard/{board.benchmark}" if part else f"../{board.benchmark}"
    return base + address(format="csv", limit=500)


def _away(board: Board, language: Language) -> str | None:
    since = board.tracking.away_since
    if since is None:
        return None
    age = words.age((datetime.now(UTC) - since).total_seconds(), language)
    return words.word("away", language, age=age, time=words.moment(board.as_of))


@cache
def _template(name: str) -> Template:
    folder = shipped("dashboards") / "pages"
    loader = FileSystemLoader(folder)
    return Environment(loader=loader, autoescape=select_autoescape(default=True), trim_blocks=True).get_template(name)
