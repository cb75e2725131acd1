"""What organisers see, and what they send."""

from datetime import datetime

from pydantic import BaseModel, Field

from leadersboard.ports.boards import Deed
from leadersboard.ports.monitoring import Counted, Mood


class OrderBody(BaseModel):
    """Why it is done. Hiding a row needs a reason, the rest may do without."""

    reason: str = Field("", max_length=10_000)


class QueueLine(BaseModel):
    """The jobs of one resource class. `oldest_seconds` is how long the first has waited, `expected_seconds` in how many
    seconds the last one in it should start, where that can be told."""

    resource_class: str
    waiting: int
    running: int
    oldest: datetime | None
    oldest_seconds: float | None
    expected_seconds: float | None


class WorkerView(BaseModel):
    """A worker as it last said it was. One that is `silent` has missed several of its heartbeats."""

    worker: str
    started_at: datetime
    seen_at: datetime
    seconds_ago: float
    silent: bool
    slots: int
    busy: int
    mood: Mood
    devices: list[str]
    counts: dict[Counted, int]


class FailureLine(BaseModel):
    reason: str
    jobs: int
    newest: datetime


class ParticipantView(BaseModel):
    """`charged` submissions of the last hour count against the limit of submissions."""

    user_id: str
    charged: int
    waiting: int
    running: int
    completed: int
    failed: int
    newest: datetime


class QuotaRules(BaseModel):
    """What every participant may do."""

    submissions_per_hour: int
    running_jobs: int


class HiddenRow(BaseModel):
    job_id: str
    user_id: str | None
    benchmark: str | None
    reason: str


class Overview(BaseModel):
    """How the platform is at `as_of`. Failures are those of the last `failures_hours`, participants those of the last
    `participants_days`; `unrecorded` are ended jobs that MLflow does not hold yet."""

    as_of: datetime
    queue: list[QueueLine]
    stages: dict[str, int]
    unrecorded: int
    workers: list[WorkerView]
    failures: list[FailureLine]
    failures_hours: int
    participants: list[ParticipantView]
    participants_days: int
    quota: QuotaRules
    hidden: list[HiddenRow]


class LogLine(BaseModel):
    at: datetime
    who: str
    deed: Deed
    job_id: str
    reason: str


class OrganiserLog(BaseModel):
    """The newest first."""

    items: list[LogLine]


class RowState(BaseModel):
    """Whether the job's row is hidden, and why."""

    job_id: str
    hidden: bool
    reason: str | None
