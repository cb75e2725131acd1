"""GET of a board, as JSON or CSV."""

import csv
import io
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response

from leadersboard.api.benchmarks.endpoints import known_benchmark
from leadersboard.api.dependencies import CallerDep, PageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.leaderboard.schemas import Board, BoardRow
from leadersboard.domain.ranking import best_of_each_user, rank_entries

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


@router.get("/{slug}", response_model=Board, responses={200: {"content": {"text/csv": {}}}, **documented(401, 404)})
def get_leaderboard(
    slug: str,
    caller: CallerDep,
    platform: PlatformDep,
    page: PageDep,
    form: Annotated[Literal["json", "csv"] | None, Query(alias="format")] = None,
    entries: Annotated[Literal["all", "best"], Query(description="All runs, or the best of each user.")] = "all",
    accept: Annotated[str, Header(max_length=500)] = "*/*",
) -> Board | Response:
    """Return the ranked rows of a benchmark. CSV comes for `?format=csv` or `Accept: text/csv`."""
    benchmark = known_benchmark(slug, platform)
    with platform.records.reading() as transaction:
        found = transaction.jobs.board(benchmark.slug, benchmark.version)
    ranked = best_of_each_user(found, benchmark) if entries == "best" else rank_entries(found, benchmark)
    board = Board(
        benchmark=benchmark.slug,
        version=benchmark.version,
        primary_metric=benchmark.primary_metric,
        metrics={name: direction.value for name, direction in benchmark.directions.items()},
        total=len(ranked),
        rows=[BoardRow.of(row) for row in ranked[page.offset : page.offset + page.limit]],
    )
    if form == "csv" or (form is None and accept.split(",")[0].split(";")[0].strip() == "text/csv"):
        return _csv(board)
    return board


def _csv(board: Board) -> Response:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*_CSV_COLUMNS, *board.metrics])
    for row in board.rows:
        values = row.model_dump(mode="json", include=set(_CSV_COLUMNS))
        writer.writerow(
            [*(_cell(values[name]) for name in _CSV_COLUMNS), *(row.metrics.get(m, "") for m in board.metrics)]
        )
    headers = {"Content-Disposition": f'attachment; filename="{board.benchmark}.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
