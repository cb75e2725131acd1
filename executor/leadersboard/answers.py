"""What the HTTP API answers, as its clients see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

FINAL_STATUSES = frozenset({"completed", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as `GET /jobs/{job_id}/status` tells it. `raw` is the whole answer."""

    job_id: str
    submission_id: str
    user_id: str
    status: str
    stage: str | None
    cell: int | None
    cells: int | None
    ahead: int | None
    expected_start_seconds: float | None
    run_seconds: float | None
    created_at: str
    benchmark: str | None
    error: str | None
    hint: str | None
    raw: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        progress = raw.get("progress") or {}
        queue = raw.get("queue") or {}
        failure = raw.get("failure") or {}
        return cls(
            job_id=raw["job_id"],
            submission_id=raw["submission_id"],
            user_id=raw["user_id"],
            status=raw["status"],
            stage=raw.get("stage"),
            cell=progress.get("cell"),
            cells=progress.get("cells"),
            ahead=queue.get("ahead"),
            expected_start_seconds=queue.get("expected_start_seconds"),
            run_seconds=raw.get("run_seconds"),
            created_at=raw["created_at"],
            benchmark=raw.get("benchmark"),
            error=raw.get("error") or failure.get("sentence"),
            hint=failure.get("hint"),
            raw=raw,
        )

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES


@dataclass(frozen=True, slots=True)
class JobList:
    """A page of jobs, newest first, and how many there are in all."""

    items: Sequence[JobView]
    total: int
    raw: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        return cls([JobView.of(item) for item in raw["items"]], raw["total"], raw)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One row of a board; `rank` is None for rows that are shown but not ranked."""

    rank: int | None
    user_id: str
    method: str
    job_id: str
    kind: str
    metrics: Mapping[str, float]
    intervals: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Board:
    """A board, best first. `raw` is the whole answer."""

    benchmark: str
    version: str
    primary_metric: str
    metric_names: Sequence[str]
    total: int
    rows: Sequence[BoardRow]
    raw: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        rows = [
            BoardRow(
                rank=row["rank"],
                user_id=row["user_id"],
                method=row["method"] or row["template"] or row["submission_id"],
                job_id=row["job_id"],
                kind=row["kind"],
                metrics=row["metrics"],
                intervals=row["intervals"],
            )
            for row in raw["rows"]
        ]
        return cls(
            benchmark=raw["benchmark"],
            version=raw["version"],
            primary_metric=raw["primary_metric"],
            metric_names=list(raw["metrics"]),
            total=raw["total"],
            rows=rows,
            raw=raw,
        )


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a job's stream: `status` and `end` carry the status, `log` carries `text` and `position`."""

    name: str
    data: Mapping[str, Any]
