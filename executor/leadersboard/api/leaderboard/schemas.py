"""The rows of a board, and what is drawn of them."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel

from leadersboard.api.jobs.schemas import Bounds
from leadersboard.board.plots import Plots
from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.ranking import Entry
from leadersboard.domain.roles import BASELINE_USER
from leadersboard.domain.standings import Placed, Row


class BoardRow(BaseModel):
    """A completed job. `kind` is `reported` where no metric was scored: such a row has no rank.

    `tracking` says whether MLflow holds it: `recorded`, `waiting`, or `differs` where MLflow has other metrics.
    """

    rank: int | None
    job_id: str
    submission_id: str
    user_id: str
    method: str | None
    template: str | None
    kind: Literal["scored", "reported"]
    is_baseline: bool
    metrics: dict[str, float]
    intervals: dict[str, Bounds]
    by_category: dict[str, dict[str, float]]
    reported_metrics: dict[str, float]
    best_of_user: bool
    submitted_at: datetime
    resource_class: str
    device: str | None
    attempt: int
    run_seconds: float | None
    peak_memory_bytes: int | None
    run_id: str | None
    tracking: Literal["recorded", "waiting", "differs"]

    @classmethod
    def of(cls, placed: Placed, entry: Entry, tracking: str) -> Self:
        same = {name: getattr(entry, name) for name in _SAME}
        return cls(
            **same,
            rank=placed.rank,
            kind="scored" if entry.metrics else "reported",
            is_baseline=entry.user_id == BASELINE_USER,
            metrics=dict(entry.metrics),
            intervals={name: list(bounds) for name, bounds in entry.intervals.items()},
            by_category={name: dict(values) for name, values in entry.by_category.items()},
            reported_metrics=dict(entry.reported),
            best_of_user=placed.best_of_user,
            tracking=tracking,
        )


_SAME = [
    "job_id",
    "submission_id",
    "user_id",
    "method",
    "template",
    "submitted_at",
    "resource_class",
    "device",
    "attempt",
    "run_seconds",
    "peak_memory_bytes",
    "run_id",
]


class TrackingState(BaseModel):
    """`answered_at` is when MLflow last answered; `away_since` is set while it does not."""

    answered_at: datetime | None
    away_since: datetime | None


class Facets(BaseModel):
    """What there is to filter by; of users the first ones only."""

    categories: list[str]
    templates: list[str]
    users: list[str]


class Board(BaseModel):
    """The board of the benchmark's present version; `total` counts the rows that the filters match, `as_of` is when
    the records were read."""

    benchmark: str
    version: str
    title: str
    primary_metric: str
    metrics: dict[str, str]
    total: int
    as_of: datetime
    tracking: TrackingState
    facets: Facets
    rows: list[BoardRow]


class Point(BaseModel):
    """A row as it is drawn; `score` is its primary metric, over all categories or of the one that was asked for."""

    job_id: str
    user_id: str
    method: str | None
    submitted_at: datetime
    score: float
    run_seconds: float | None
    peak_memory_bytes: int | None


class BoardPlots(BaseModel):
    """Points in the order of time. The lines are indices of points: the best score so far, and what nothing beats in
    score and time, or in score and memory. `left_out` points are not worth drawing."""

    benchmark: str
    primary_metric: str
    category: str | None
    points: list[Point]
    best_line: list[int]
    time_front: list[int]
    memory_front: list[int]
    left_out: int

    @classmethod
    def of(cls, plots: Plots, benchmark: Benchmark, category: str) -> Self:
        return cls(
            benchmark=benchmark.slug,
            primary_metric=benchmark.primary_metric,
            category=category or None,
            points=[_point(row, score) for row, score in zip(plots.rows, plots.scores, strict=True)],
            best_line=list(plots.best_line),
            time_front=list(plots.time_front),
            memory_front=list(plots.memory_front),
            left_out=plots.left_out,
        )


def _point(row: Row, score: float) -> Point:
    return Point(
        job_id=row.job_id,
        user_id=row.user_id,
        method=row.method or row.template,
        submitted_at=row.submitted_at,
        score=score,
        run_seconds=row.run_seconds,
        peak_memory_bytes=row.peak_memory_bytes,
    )
