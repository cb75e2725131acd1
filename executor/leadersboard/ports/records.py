"""The records: what is true of submissions and jobs, changed in whole transactions."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from leadersboard.domain.forecast import Forecast
from leadersboard.domain.job import Failure, Job, JobEvent, JobStatus, Result, Stage
from leadersboard.domain.quota import Charge
from leadersboard.domain.ranking import Entry
from leadersboard.domain.signature import Defect, Receipt, Statement
from leadersboard.domain.submission import Submission
from leadersboard.ports.boards import BoardRecords
from leadersboard.ports.monitoring import FigureRecords, WorkerRecords
from leadersboard.ports.overview import OverviewRecords
from leadersboard.ports.retention import RetentionRecords

T = TypeVar("T")


class RecordsUnavailable(Exception):
    """The records cannot be read or written at present; nothing has changed."""


class LeaseState(StrEnum):
    """What a worker learns when it renews its lease."""

    KEPT = "kept"
    CANCEL_REQUESTED = "cancel_requested"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: `limit` items after the first `offset`, newest first."""

    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A page of a list, and how many items the whole list has."""

    items: Sequence[T]
    total: int


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs to list; None matches all."""

    user_id: str | None = None
    status: JobStatus | None = None
    benchmark: str | None = None
    submission_id: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker can take: its name, the resource classes it serves, until when its lease lasts."""

    worker: str
    resource_classes: Sequence[str]
    now: datetime
    lease_expires_at: datetime
    max_running_per_user: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an attempt is. Fields that are None stay as they are."""

    stage: Stage | None = None
    cell: int | None = None
    cells: int | None = None
    device: str | None = None
    run_id: str | None = None
    benchmark_version: str | None = None
    restored_cells: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended; written whole or not at all. A result has the receipt that the platform signed for it.

    `counts` is False where a job is handed back in good health: that attempt is not held against it.
    """

    event: JobEvent
    failure: Failure | None = None
    result: Result | None = None
    receipt: Receipt | None = None
    peak_memory_bytes: int | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where one looks at the queue from: when, in the classes that are served together, and how many jobs a user may
    run at once."""

    now: datetime
    resource_classes: Sequence[str]
    max_running_per_user: int


class SubmissionRecords(Protocol):
    """Submissions, within one transaction."""

    def add(self, submission: Submission) -> None: ...

    def get(self, submission_id: str) -> Submission | None: ...

    def entrypoints(self, submission_ids: Collection[str]) -> Mapping[str, str]:
        """Return the entrypoints of these submissions, by their ids."""
        ...

    def with_key(self, user_id: str, idempotency_key: str) -> Submission | None: ...

    def page(self, user_id: str | None, page: Page) -> Found[Submission]: ...


class JobRecords(Protocol):
    """Jobs, within one transaction.

    Every write by a worker names the attempt it belongs to and returns False, changing nothing, where that attempt is
    no longer the job's current one.
    """

    def add(self, job: Job) -> None: ...

    def get(self, job_id: str) -> Job | None: ...

    def with_key(self, user_id: str, idempotency_key: str) -> Job | None: ...

    def with_run(self, run_id: str) -> Job | None:
        """Return the job that tracking holds as this run."""
        ...

    def page(self, which: JobFilter, page: Page) -> Found[Job]: ...

    def running_count(self, user_id: str) -> int: ...

    def claim_next(self, claim: Claim) -> Job | None:
        """Give the worker the next job in fair order: the user served longest ago first, then their oldest job."""
        ...

    def renew_lease(self, job_id: str, attempt: int, now: datetime, lease_expires_at: datetime) -> LeaseState: ...

    def note_progress(self, job_id: str, attempt: int, progress: Progress, now: datetime) -> bool: ...

    def end(self, job_id: str, attempt: int, ending: Ending, now: datetime) -> bool: ...

    def request_cancel(self, job_id: str, now: datetime) -> Job | None:
        """End a pending job, or ask the worker of a running one to; return the job as it then stands."""
        ...

    def running(self) -> Sequence[Job]:
        """Return the jobs that workers have, without their results."""
        ...

    def take_back(self, job: Job, event: JobEvent, failure: Failure | None, now: datetime) -> bool:
        """Let `event` happen to a running job, unless its lease was renewed since `job` was read."""
        ...

    def adopt_run(self, job_id: str, run_id: str, instead_of: str | None) -> str:
        """Make `run_id` the job's run if `instead_of` still is, None for none; return the one that the job has."""
        ...

    def pending_count(self, resource_classes: Sequence[str]) -> int: ...

    def queue_state(self, job: Job, outlook: Outlook) -> Forecast:
        """Return how many jobs start before a pending one, and when it does, if nothing is added to the queue."""
        ...

    def claim_unrecorded(self, now: datetime, until: datetime, limit: int) -> Sequence[Job]:
        """Return final jobs that tracking does not hold yet, kept from other callers until `until`."""
        ...

    def postpone_recording(self, job_id: str, until: datetime) -> None:
        """Keep a job that could not be recorded from other callers until `until`."""
        ...

    def mark_recorded(self, job_id: str, run_id: str | None, now: datetime) -> None: ...

    def board(self, benchmark: str, benchmark_version: str) -> Sequence[Entry]:
        """Return the completed jobs of one version of a benchmark, scored or reported, in no order.

        A row that does not say what the platform signed is not among them, nor is one that an organiser has hidden.
        """
        ...


class QuotaLedger(Protocol):
    """What submissions cost, within one transaction. The end of a job settles its charge by itself."""

    def lock_user(self, user_id: str) -> None:
        """Make other transactions that lock the same user wait for the end of this one."""
        ...

    def charge(self, user_id: str, charge: Charge) -> None: ...

    def charged_since(self, user_id: str, since: datetime, limit: int) -> Sequence[datetime]:
        """Return when the newest `limit` charges after `since` that still stand were made, oldest first."""
        ...

    def was_given_back(self, submission_id: str) -> bool:
        """Whether the submission was charged once, and no charge of it stands any more."""
        ...

    def entries(self, user_id: str, limit: int) -> Sequence[Charge]:
        """Return the newest `limit` charges of the user, the newest first."""
        ...


@dataclass(frozen=True, slots=True)
class SealedResult:
    """A completed job, and what is wrong with its signature: None where it verifies."""

    job_id: str
    user_id: str
    benchmark: str | None
    benchmark_version: str | None
    created_at: datetime
    defect: Defect | None


class ResultRecords(Protocol):
    """Results and their receipts, within one transaction."""

    def sealed(self, *, job_id: str | None = None, benchmark: str | None = None) -> Sequence[SealedResult]:
        """Return the results of all completed jobs, of one, or of a benchmark, the oldest first."""
        ...

    def statement(self, job_id: str) -> Statement | None:
        """Return what the records say now of a completed job."""
        ...

    def seal(self, job_id: str, receipt: Receipt) -> bool:
        """Add a receipt to a result that has none; return whether it did."""
        ...


class Transaction(Protocol):
    """One transaction over everything."""

    @property
    def submissions(self) -> SubmissionRecords: ...

    @property
    def jobs(self) -> JobRecords: ...

    @property
    def ledger(self) -> QuotaLedger: ...

    @property
    def results(self) -> ResultRecords: ...

    @property
    def boards(self) -> BoardRecords: ...

    @property
    def workers(self) -> WorkerRecords: ...

    @property
    def figures(self) -> FigureRecords: ...

    @property
    def overview(self) -> OverviewRecords: ...

    @property
    def retention(self) -> RetentionRecords: ...


class Records(Protocol):
    """Where transactions come from. One that is left by an exception changes nothing.

    Raises:
        RecordsUnavailable: from either, on entering or leaving.
    """

    def reading(self) -> AbstractContextManager[Transaction]: ...

    def writing(self) -> AbstractContextManager[Transaction]: ...
