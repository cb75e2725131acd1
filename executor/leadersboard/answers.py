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
    metrics: Mapping[str, float | None]
    intervals: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Board:
    """A board, best first. `raw` is the whole answer."""

    benchmark: str
    version: str
    primary_metric: str
    rows: Sequence[BoardRow]
    raw: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        rows = [
            BoardRow(
                rank=row.get("rank"),
                user_id=row.get("user_id") or "",
                method=row.get("method") or row.get("template") or row.get("submission_id", ""),
                job_id=row["job_id"],
                kind=row.get("kind", "scored"),
                metrics=row.get("metrics") or {},
                intervals=row.get("intervals") or {},
            )
            for row in raw["rows"]
        ]
        return cls(raw["benchmark"], str(raw.get("version", "")), raw.get("primary_metric", ""), rows, raw)

    def rank_of(self, job_id: str) -> int | None:
        return next((row.rank for row in self.rows if row.job_id == job_id), None)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a job's stream: `status` and `end` carry the status, `log` carries `text` and `position`."""

    name: str
    data: Mapping[str, Any]
