"""Which rows of a board somebody wants to see, and in which order."""

import heapq
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from leadersboard.domain.benchmark import Benchmark, Direction
from leadersboard.domain.standings import Placed, Row, Standings

RANK = "rank"
# What rows may be ordered by besides rank and metrics, each with how to read it off a row.
COLUMNS: dict[str, Callable[[Row], object]] = {
    "user": lambda row: row.user_id.casefold(),
    "method": lambda row: (row.method or "").casefold(),
    "template": lambda row: (row.template or "").casefold(),
    "date": lambda row: row.submitted_at,
    "seconds": lambda row: row.run_seconds,
    "memory": lambda row: row.peak_memory_bytes,
    "class": lambda row: row.resource_class,
    "attempt": lambda row: row.attempt,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """A view of a board. `order` is `rank`, a metric or a key of COLUMNS, with a minus in front to turn it round; dates
    are days in UTC, both included; `category` shows and orders by the metrics of one category."""

    best_only: bool = False
    text: str = ""
    user: str = ""
    template: str = ""
    category: str = ""
    since: date | None = None
    until: date | None = None
    order: str = RANK
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Selected:
    """The rows of one page, and how many there are on all pages."""

    rows: Sequence[Placed]
    total: int


def select(standings: Standings, wanted: Selection) -> Selected:
    """Return the rows that `wanted` matches, with the ranks that they have on the whole board."""
    rows: Iterable[Row] = standings.best_rows() if wanted.best_only else standings
    if _filters(wanted):
        rows = [row for row in rows if _matches(row, wanted)]
        total = len(rows)
    else:
        total = standings.ranked_users if wanted.best_only else len(standings)
    page = _page(rows, wanted, standings.benchmark)
    return Selected([standings.placed(row, among_best=wanted.best_only) for row in page], total)


def known_orders(benchmark: Benchmark) -> set[str]:
    """Return what rows of this benchmark may be ordered by, without the minus."""
    return {RANK, *benchmark.directions, *COLUMNS}


def _filters(wanted: Selection) -> bool:
    texts = (wanted.text, wanted.user, wanted.template, wanted.category)
    return any(texts) or wanted.since is not None or wanted.until is not None


def _matches(row: Row, wanted: Selection) -> bool:
    if wanted.user and row.user_id != wanted.user:
        return False
    if wanted.template and (row.template or "") != wanted.template:
        return False
    if wanted.category and wanted.category not in row.by_category:
        return False
    day = row.submitted_at.date()
    if (wanted.since and day < wanted.since) or (wanted.until and day > wanted.until):
        return False
    sought = wanted.text.casefold()
    return not sought or any(
        sought in text.casefold() for text in (row.user_id, row.method, row.template, row.job_id) if text
    )


def _page(rows: Iterable[Row], wanted: Selection, benchmark: Benchmark) -> Sequence[Row]:
    end = wanted.offset + wanted.limit
    name, turned = wanted.order.removeprefix("-"), wanted.order.startswith("-")
    if wanted.order == RANK and not wanted.category:
        # In this order they come.
        return [row for _, row in zip(range(end), rows, strict=False)][wanted.offset :]
    name = benchmark.primary_metric if name == RANK else name
    of_metric = name in benchmark.directions
    key = _by_metric(benchmark, name, wanted.category, turned) if of_metric else _by_column(COLUMNS[name], turned)
    return heapq.nsmallest(end, rows, key=key)[wanted.offset :]


def _by_metric(benchmark: Benchmark, name: str, category: str, turned: bool) -> Callable[[Row], tuple[bool, float]]:
    """Order by a metric, the better the earlier, or the later where `turned`; a missing one comes last in both."""
    at = list(benchmark.directions).index(name)
    sign = -1 if (benchmark.directions[name] is Direction.MAXIMIZE) is not turned else 1

    def key(row: Row) -> tuple[bool, float]:
        value = row.score(at, category)
        return (True, 0.0) if not math.isfinite(value) else (False, sign * value)

    return key


class _Turned:
    """Turns the order of anything that can be ordered."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __lt__(self, other: "_Turned") -> bool:
        return bool(other.value < self.value)  # type: ignore[operator]


def _by_column(read: Callable[[Row], object], turned: bool) -> Callable[[Row], tuple[bool, object]]:
    def key(row: Row) -> tuple[bool, object]:
        value = read(row)
        if value is None:
            return (True, 0)
        return (False, _Turned(value) if turned else value)

    return key
