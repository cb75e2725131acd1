"""The rows of a board."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel

from leadersboard.api.jobs.schemas import Bounds
from leadersboard.domain.ranking import RankedEntry


class BoardRow(BaseModel):
    """A completed job. `kind` is `reported` where no metric was scored: such a row has no rank."""

    rank: int | None
    job_id: str
    submission_id: str
    user_id: str
    method: str | None
    template: str | None
    kind: Literal["scored", "reported"]
    metrics: dict[str, float]
    intervals: dict[str, Bounds]
    reported_metrics: dict[str, float]
    best_of_user: bool
    submitted_at: datetime
    resource_class: str
    device: str | None
    attempt: int
    run_seconds: float | None
    peak_memory_bytes: int | None
    run_id: str | None

    @classmethod
    def of(cls, row: RankedEntry) -> Self:
        entry = row.entry
        same = {name: getattr(entry, name) for name in _SAME}
        return cls(
            **same,
            rank=row.rank,
            kind="scored" if entry.metrics else "reported",
            metrics=dict(entry.metrics),
            intervals={name: list(bounds) for name, bounds in entry.intervals.items()},
            reported_metrics=dict(entry.reported),
            best_of_user=row.best_of_user,
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


class Board(BaseModel):
    """The board of the benchmark's present version; `total` counts all rows."""

    benchmark: str
    version: str
    primary_metric: str
    metrics: dict[str, str]
    total: int
    rows: list[BoardRow]
