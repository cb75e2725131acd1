"""The order of a board.

Equal scores share a rank (1, 2, 2, 4: standard competition ranking). Where the primary metric is equal the metrics of
`tie_break` decide, then nothing does: rows that are equal in all of them share their rank and stand in the order of
their submission. A missing metric comes last, whichever the direction.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeGuard

from leadersboard.domain.benchmark import Benchmark, Direction


@dataclass(frozen=True, slots=True)
class Entry:
    """A completed job as the board sees it. Memory in bytes, time in seconds."""

    job_id: str
    submission_id: str
    user_id: str
    submitted_at: datetime
    metrics: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    by_category: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    reported: Mapping[str, float] = field(default_factory=dict)
    method: str | None = None
    template: str | None = None
    resource_class: str = ""
    device: str | None = None
    attempt: int = 1
    run_id: str | None = None
    run_seconds: float | None = None
    peak_memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class RankedEntry:
    """An entry with its place; `rank` is None where the entry has no scored primary metric."""

    rank: int | None
    entry: Entry
    best_of_user: bool


def rank_entries(entries: Iterable[Entry], benchmark: Benchmark) -> list[RankedEntry]:
    """Return `entries` in the board's order, each with its rank."""
    metrics = (benchmark.primary_metric, *benchmark.tie_break)
    keyed = [(place_of(entry.metrics, metrics, benchmark.directions), entry) for entry in entries]
    keyed.sort(key=lambda pair: (pair[0], pair[1].submitted_at, pair[1].job_id))
    ranked: list[RankedEntry] = []
    seen_users: set[str] = set()
    rank = 0
    previous: tuple[float, ...] | None = None
    for place, (key, entry) in enumerate(keyed, start=1):
        if key != previous:
            rank, previous = place, key
        has_rank = _is_number(entry.metrics.get(benchmark.primary_metric))
        ranked.append(RankedEntry(rank if has_rank else None, entry, has_rank and entry.user_id not in seen_users))
        if has_rank:
            seen_users.add(entry.user_id)
    return ranked


def best_of_each_user(entries: Iterable[Entry], benchmark: Benchmark) -> list[RankedEntry]:
    """Return one ranked entry a user, their best."""
    return rank_entries((row.entry for row in rank_entries(entries, benchmark) if row.best_of_user), benchmark)


def place_of(
    scores: Mapping[str, float], metrics: Sequence[str], directions: Mapping[str, Direction]
) -> tuple[float, ...]:
    """Return what a row is ordered by: a number for each of `metrics`, smaller for better, infinite for none."""
    return tuple(_badness(scores.get(metric), directions[metric]) for metric in metrics)


def _badness(value: float | None, direction: Direction) -> float:
    """Return a number that is smaller for better values, and infinite for none."""
    if not _is_number(value):
        return math.inf
    return -value if direction is Direction.MAXIMIZE else value


def _is_number(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)
