"""A job: one execution of a submission. Its states are one table, `TRANSITIONS`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class JobStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in FINAL


FINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})


class Stage(StrEnum):
    """Where a running job is."""

    STARTING = "starting"
    EXECUTING = "executing"
    SCORING = "scoring"
    RECORDING = "recording"


class Reason(StrEnum):
    """Why a job failed; the list is closed."""

    NOTEBOOK_ERROR = "notebook_error"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    KERNEL_DIED = "kernel_died"
    INVALID_OUTPUT = "invalid_output"
    SCORING_ERROR = "scoring_error"
    PLATFORM_ERROR = "platform_error"


class JobEvent(StrEnum):
    """What can happen to a job."""

    CLAIM = "claim"  # a worker takes it
    RELEASE = "release"  # its worker died or hands it back, and it may be tried again
    GIVE_UP = "give_up"  # its worker died once too often
    COMPLETE = "complete"
    FAIL = "fail"
    WITHDRAW = "withdraw"  # cancelled before a worker had it
    STOP = "stop"  # cancelled while running, and its processes are gone


TRANSITIONS: Mapping[tuple[JobStatus, JobEvent], JobStatus] = {
    (JobStatus.PENDING, JobEvent.CLAIM): JobStatus.RUNNING,
    (JobStatus.PENDING, JobEvent.WITHDRAW): JobStatus.CANCELLED,
    (JobStatus.RUNNING, JobEvent.RELEASE): JobStatus.PENDING,
    (JobStatus.RUNNING, JobEvent.GIVE_UP): JobStatus.FAILED,
    (JobStatus.RUNNING, JobEvent.COMPLETE): JobStatus.COMPLETED,
    (JobStatus.RUNNING, JobEvent.FAIL): JobStatus.FAILED,
    (JobStatus.RUNNING, JobEvent.STOP): JobStatus.CANCELLED,
}


def after(status: JobStatus, event: JobEvent) -> JobStatus | None:
    """Return the status that `event` leads to, or None where it cannot happen in `status`."""
    return TRANSITIONS.get((status, event))


def source_of(event: JobEvent) -> JobStatus:
    """Return the only status in which `event` can happen, for writes that are conditional on it."""
    (source,) = (status for status, known in TRANSITIONS if known is event)
    return source


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed, for a person: what happened, in which cell, and what to try.

    `cell` counts from 1 over all cells of the notebook; `peak_memory_bytes` is what the job's processes held at most.
    """

    reason: Reason
    sentence: str
    sentence_ja: str | None = None
    cell: int | None = None
    error_name: str | None = None
    traceback: str | None = None
    hint: str | None = None
    hint_ja: str | None = None
    peak_memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a completed job is worth.

    `scored` comes from the platform's scoring notebook and is ranked; `reported` is what the submission says of
    itself. `intervals` holds 95 % bounds, `by_category` the scored metrics of each category.
    """

    scored: Mapping[str, float] = field(default_factory=dict)
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    by_category: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    reported: Mapping[str, float] = field(default_factory=dict)
    reported_params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_scored(self) -> bool:
        return bool(self.scored)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. Times are aware and in UTC; `attempt` is 0 until a worker has claimed it.

    `restored_cells` are the cells of its template that were put back before the run, counted from 1 in the notebook
    that ran; None where it was not looked.
    """

    job_id: str
    submission_id: str
    user_id: str
    resource_class: str
    created_at: datetime
    updated_at: datetime
    benchmark: str | None = None
    benchmark_version: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    status: JobStatus = JobStatus.PENDING
    stage: Stage | None = None
    cell: int | None = None
    cells: int | None = None
    attempt: int = 0
    max_attempts: int = 3
    worker: str | None = None
    device: str | None = None
    lease_expires_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    peak_memory_bytes: int | None = None
    run_id: str | None = None
    recorded_at: datetime | None = None
    failure: Failure | None = None
    result: Result | None = None
    idempotency_key: str | None = None
    restored_cells: tuple[int, ...] | None = None

    @property
    def run_seconds(self) -> float | None:
        """Return how long the last attempt took, in seconds, or None while it is not over."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()
