"""A board as somebody asks for it: who may, which rows, and whether anything has changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from leadersboard.api.benchmarks.endpoints import known_benchmark
from leadersboard.api.dependencies import Caller, Credentials, PageDep, PlatformDep, get_caller
from leadersboard.api.leaderboard.schemas import Board, BoardRow, Facets, TrackingState
from leadersboard.board.boards import Boards
from leadersboard.board.model import BoardModel
from leadersboard.board.selection import RANK, Selected, Selection, known_orders, select
from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.errors import InvalidToken, Language, UnknownOrder
from leadersboard.domain.ranking import Entry

_USERS_LISTED = 500


async def get_boards(request: Request) -> Boards:
    boards: Boards = request.app.state.boards
    return boards


BoardsDep = Annotated[Boards, Depends(get_boards)]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at which board; nobody may look at a public one."""

    caller: Caller | None
    benchmark: Benchmark

    def opens(self, user_id: str) -> bool:
        """Whether the viewer may see that user's runs."""
        return self.caller is not None and self.caller.may_see(user_id)

    def owns(self, user_id: str) -> bool:
        return self.caller is not None and self.caller.user_id == user_id


async def get_viewer(slug: str, request: Request, credentials: Credentials, platform: PlatformDep) -> Viewer:
    """Return who looks; a token or a login is needed only where a board is not public."""
    known = platform.benchmarks.get(slug)
    try:
        caller = await get_caller(request, credentials, platform)
    except InvalidToken:
        if known is None or not known.public or credentials is not None:
            raise
        caller = None
    return Viewer(caller, known_benchmark(slug, platform))


ViewerDep = Annotated[Viewer, Depends(get_viewer)]
Text = Query(max_length=200)
# A form sends the fields that nobody has filled in as well.
Day = date | Literal[""] | None


async def get_selection(
    viewer: ViewerDep,
    page: PageDep,
    entries: Annotated[Literal["all", "best"], Query(description="All runs, or the best of each user.")] = "all",
    q: Annotated[str, Query(max_length=200, description="Text in user, method, template or job.")] = "",
    user: Annotated[str, Text] = "",
    template: Annotated[str, Text] = "",
    category: Annotated[
        str,
        Query(
            max_length=200, description="Show the metrics of this category, order by them, and leave out runs without."
        ),
    ] = "",
    since: Annotated[Day, Query(description="First day, in UTC.")] = None,
    until: Annotated[Day, Query(description="Last day, in UTC.")] = None,
    sort: Annotated[str, Query(max_length=100, description="A column; '-' in front turns it round.")] = RANK,
) -> Selection:
    known = known_orders(viewer.benchmark)
    if sort.removeprefix("-") not in known:
        raise UnknownOrder(order=sort, known=", ".join(sorted(known)))
    days = (since or None, until or None)
    return Selection(entries == "best", q, user, template, category, *days, sort, page.limit, page.offset)


SelectionDep = Annotated[Selection, Depends(get_selection)]


def read_board(model: BoardModel, wanted: Selection, language: Language) -> Board:
    """Return the rows that are wanted, each as the records hold it at this moment.

    Raises:
        RecordsUnavailable
    """
    selected, entries = _judged(model, wanted)
    benchmark, tracked = model.benchmark, model.tracked
    return Board(
        benchmark=benchmark.slug,
        version=benchmark.version,
        title=benchmark.title[language],
        primary_metric=benchmark.primary_metric,
        metrics={name: direction.value for name, direction in benchmark.directions.items()},
        total=selected.total,
        as_of=model.read_at,
        tracking=TrackingState(answered_at=tracked.answered_at, away_since=tracked.problem_since),
        facets=_facets(model),
        rows=[
            BoardRow.of(placed, entries[placed.row.job_id], tracked.agreement(placed.row.job_id))
            for placed in selected.rows
        ],
    )


def _judged(model: BoardModel, wanted: Selection) -> tuple[Selected, Mapping[str, Entry]]:
    """Select, and select again where rows turned out not to verify any more: ranks would be wrong otherwise."""
    while True:
        with model.lock:
            selected = select(model.standings, wanted)
        ids = [placed.row.job_id for placed in selected.rows]
        entries = model.judge_now(ids)
        if len(entries) == len(ids):
            return selected, entries


def _facets(model: BoardModel) -> Facets:
    def found() -> Facets:
        rows = list(model.standings)
        return Facets(
            categories=sorted({name for row in rows for name in row.by_category}),
            templates=sorted({row.template for row in rows if row.template}),
            users=sorted({row.user_id for row in rows})[:_USERS_LISTED],
        )

    return model.remembered("facets", found)


def etag_of(model: BoardModel, wanted: Selection, *also: object) -> str:
    """Return what changes whenever an answer for `wanted` does."""
    tracked = model.tracked
    about = (model.identity, model.revision, tracked.problem_since, astuple(wanted), also)
    return f'W/"{hashlib.sha256(repr(about).encode()).hexdigest()[:20]}"'


def everything(wanted: Selection, total: int) -> Selection:
    """Return the same view without pages."""
    return replace(wanted, limit=max(1, total), offset=0)
