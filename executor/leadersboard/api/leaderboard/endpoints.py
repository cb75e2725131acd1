"""GET of a board: as JSON or CSV, as points to draw, and as a page for people."""

import csv
import io
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import HTMLResponse

from leadersboard.api.dependencies import LanguageDep
from leadersboard.api.errors import documented, documented_beside_a_stream
from leadersboard.api.leaderboard.page import PAGE_HEADERS, as_page
from leadersboard.api.leaderboard.reading import BoardsDep, SelectionDep, ViewerDep, etag_of, everything, read_board
from leadersboard.api.leaderboard.schemas import Board, BoardPlots
from leadersboard.board.plots import plots_of
from leadersboard.board.selection import select

router = APIRouter(prefix="/leaderboard", tags=["leaderboard"])

_CSV_COLUMNS = [
    "rank",
    "user_id",
    "method",
    "template",
    "kind",
    "submitted_at",
    "run_seconds",
    "peak_memory_bytes",
    "resource_class",
    "job_id",
]
# A spreadsheet would take a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNCHANGED: dict[int | str, dict[str, str]] = {304: {"description": "As it was when it had the ETag sent."}}
IfNoneMatch = Annotated[str, Header(max_length=500)]


@router.get(
    "/{slug}",
    response_model=Board,
    responses={200: {"content": {"text/csv": {}}}, **_UNCHANGED, **documented(401, 404)},
)
def get_leaderboard(
    viewer: ViewerDep,
    wanted: SelectionDep,
    boards: BoardsDep,
    language: LanguageDep,
    response: Response,
    form: Annotated[Literal["json", "csv"] | None, Query(alias="format")] = None,
    accept: Annotated[str, Header(max_length=500)] = "*/*",
    if_none_match: IfNoneMatch = "",
) -> Board | Response:
    """Return the ranked rows of a benchmark. CSV comes for `?format=csv` or `Accept: text/csv`."""
    model = boards.fresh(viewer.benchmark)
    as_csv = form == "csv" or (form is None and accept.split(",")[0].split(";")[0].strip() == "text/csv")
    tag = etag_of(model, wanted, as_csv, language)
    if tag == if_none_match:
        return Response(status_code=304, headers={"ETag": tag})
    board = read_board(model, wanted, language)
    if as_csv:
        return _csv(board, wanted.category)
    response.headers["ETag"] = tag
    return board


@router.get("/{slug}/plots", response_model=BoardPlots, responses={**_UNCHANGED, **documented(401, 404)})
def get_plots(
    viewer: ViewerDep, wanted: SelectionDep, boards: BoardsDep, response: Response, if_none_match: IfNoneMatch = ""
) -> BoardPlots | Response:
    """Return the rows that the filters match as points, and the lines among them. Pages do not matter here."""
    model = boards.fresh(viewer.benchmark)
    all_pages = everything(wanted, len(model.standings))
    tag = etag_of(model, all_pages, "plots")
    if tag == if_none_match:
        return Response(status_code=304, headers={"ETag": tag})
    with model.lock:
        rows = [placed.row for placed in select(model.standings, all_pages).rows]
        plots = plots_of(model.standings, rows, wanted.category)
    response.headers["ETag"] = tag
    return BoardPlots.of(plots, model.benchmark, wanted.category)


@router.get(
    "/{slug}/page", response_class=HTMLResponse, responses={**_UNCHANGED, **documented_beside_a_stream(401, 404)}
)
def get_page(
    viewer: ViewerDep,
    wanted: SelectionDep,
    boards: BoardsDep,
    language: LanguageDep,
    request: Request,
    part: Annotated[bool, Query(description="Only the board itself, to be put into another page.")] = False,
    lang: Annotated[Literal["en", "ja"] | None, Query(description="In place of Accept-Language.")] = None,
    note: Annotated[
        Literal["busy", "starting", "login"] | None, Query(description="What the page is to say on top.")
    ] = None,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """Return the board as a page that needs nothing but a browser."""
    spoken = lang or language
    model = boards.fresh(viewer.benchmark)
    tag = etag_of(model, wanted, spoken, part, note, viewer.caller)
    if tag == if_none_match:
        return Response(status_code=304, headers={"ETag": tag})
    text = as_page(read_board(model, wanted, spoken), wanted, viewer, spoken, request.query_params, part=part)
    return HTMLResponse(text, headers={**PAGE_HEADERS, "ETag": tag})


def _csv(board: Board, category: str) -> Response:
    """Return the rows as CSV. Metrics of one category have the names that they have in MLflow."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*_CSV_COLUMNS, *(_cell(f"{name}/{category}" if category else name) for name in board.metrics)])
    for row in board.rows:
        values = row.model_dump(mode="json", include=set(_CSV_COLUMNS))
        metrics = row.by_category.get(category, {}) if category else row.metrics
        writer.writerow(
            [*(_cell(values[name]) for name in _CSV_COLUMNS), *(metrics.get(name, "") for name in board.metrics)]
        )
    headers = {"Content-Disposition": f'attachment; filename="{board.benchmark}.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
