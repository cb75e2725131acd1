"""Jobs in SQL. Every change of status is one conditional update: `WHERE` says what it takes to happen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from leadersboard.adapters.sql.ledger import SqlQuotaLedger
from leadersboard.adapters.sql.mapping import failure_value, job_of, job_row
from leadersboard.adapters.sql.queue_order import next_candidates, queue_state
from leadersboard.adapters.sql.results import SqlResultRecords, add_result
from leadersboard.adapters.sql.tables import jobs, results, users
from leadersboard.domain.forecast import Forecast
from leadersboard.domain.job import FINAL, Failure, Job, JobEvent, JobStatus, after, source_of
from leadersboard.domain.ranking import Entry
from leadersboard.ports.records import Claim, Ending, Found, JobFilter, LeaseState, Outlook, Page, Progress

# Any number will do as long as nothing else in the same PostgreSQL database uses it.
_CLAIM_LOCK = 8_010_2027


class SqlJobRecords:
    """The `JobRecords` port on one connection."""

    def __init__(self, connection: Connection, results: SqlResultRecords, ledger: SqlQuotaLedger) -> None:
        self._connection = connection
        self._results = results
        self._ledger = ledger

    def add(self, job: Job) -> None:
        self._connection.execute(insert(jobs), job_row(job))
        known = select(users.c.user_id).where(users.c.user_id == job.user_id)
        if self._connection.execute(known).first() is None:
            self._add_user(job.user_id)

    def get(self, job_id: str) -> Job | None:
        return self._one(jobs.c.job_id == job_id)

    def with_key(self, user_id: str, idempotency_key: str) -> Job | None:
        return self._one(jobs.c.user_id == user_id, jobs.c.idempotency_key == idempotency_key)

    def with_run(self, run_id: str) -> Job | None:
        return self._one(jobs.c.run_id == run_id)

    def page(self, which: JobFilter, page: Page) -> Found[Job]:
        wanted = {name: value for name, value in asdict(which).items() if value is not None}
        conditions = [jobs.c[name] == value for name, value in wanted.items()]
        total = self._connection.execute(select(func.count()).select_from(jobs).where(*conditions)).scalar_one()
        query = _with_results().where(*conditions).order_by(jobs.c.created_at.desc(), jobs.c.job_id)
        rows = self._connection.execute(query.limit(page.limit).offset(page.offset)).mappings()
        return Found([job_of(row) for row in rows], total)

    def running_count(self, user_id: str) -> int:
        query = select(func.count()).where(jobs.c.status == JobStatus.RUNNING, jobs.c.user_id == user_id)
        return self._connection.execute(query).scalar_one()

    def claim_next(self, claim: Claim) -> Job | None:
        self._lock_claims()
        for job_id in next_candidates(self._connection, claim):
            taken = self._change(
                [jobs.c.job_id == job_id],
                JobEvent.CLAIM,
                claim.now,
                attempt=jobs.c.attempt + 1,
                worker=claim.worker,
                lease_expires_at=claim.lease_expires_at,
                started_at=claim.now,
                stage="starting",
                cell=None,
                cells=None,
                device=None,
                restored_cells=None,
            )
            if taken:
                job = self.get(job_id)
                if job is not None:
                    served = update(users).where(users.c.user_id == job.user_id).values(last_served_at=claim.now)
                    self._connection.execute(served)
                return job
        return None

    def renew_lease(self, job_id: str, attempt: int, now: datetime, lease_expires_at: datetime) -> LeaseState:
        kept = self._update(_held_by(job_id, attempt), {"lease_expires_at": lease_expires_at, "updated_at": now})
        if not kept:
            return LeaseState.LOST
        query = select(jobs.c.cancel_requested_at).where(jobs.c.job_id == job_id)
        asked = self._connection.execute(query).scalar_one()
        return LeaseState.KEPT if asked is None else LeaseState.CANCEL_REQUESTED

    def note_progress(self, job_id: str, attempt: int, progress: Progress, now: datetime) -> bool:
        values = {name: value for name, value in asdict(progress).items() if value is not None}
        return self._update(_held_by(job_id, attempt), {**values, "updated_at": now})

    def end(self, job_id: str, attempt: int, ending: Ending, now: datetime) -> bool:
        values: dict[str, Any] = {"peak_memory_bytes": ending.peak_memory_bytes}
        if not ending.counts:
            values["max_attempts"] = jobs.c.max_attempts + 1
        ended = self._change(_held_by(job_id, attempt), ending.event, now, failure=ending.failure, **values)
        if ended and ending.result is not None:
            about = {"job_id": job_id, "attempt": attempt, "created_at": now}
            add_result(self._connection, about, ending.result, ending.receipt)
        if ended:
            self._ledger.settle(job_id, withdrawn=False, now=now)
        return ended

    def request_cancel(self, job_id: str, now: datetime) -> Job | None:
        withdrawn = self._change([jobs.c.job_id == job_id], JobEvent.WITHDRAW, now, cancel_requested_at=now)
        if withdrawn:
            self._ledger.settle(job_id, withdrawn=True, now=now)
        else:
            self._update(
                [
                    jobs.c.job_id == job_id,
                    jobs.c.status == JobStatus.RUNNING,
                    jobs.c.cancel_requested_at.is_(None),
                ],
                {"cancel_requested_at": now, "updated_at": now},
            )
        return self.get(job_id)

    def running(self) -> Sequence[Job]:
        query = _with_results().where(jobs.c.status == JobStatus.RUNNING)
        return [job_of(row) for row in self._connection.execute(query).mappings()]

    def take_back(self, job: Job, event: JobEvent, failure: Failure | None, now: datetime) -> bool:
        held = [*_held_by(job.job_id, job.attempt), jobs.c.lease_expires_at == job.lease_expires_at]
        taken = self._change(held, event, now, failure=failure)
        if taken:
            self._ledger.settle(job.job_id, withdrawn=False, now=now)
        return taken

    def pending_count(self, resource_classes: Sequence[str]) -> int:
        query = select(func.count()).where(
            jobs.c.status == JobStatus.PENDING, jobs.c.resource_class.in_(resource_classes)
        )
        return self._connection.execute(query).scalar_one()

    def queue_state(self, job: Job, outlook: Outlook) -> Forecast:
        return queue_state(self._connection, job, outlook)

    def claim_unrecorded(self, now: datetime, until: datetime, limit: int) -> Sequence[Job]:
        # Nobody holds a job for longer than until `until`: what says so was written before a clock was set back.
        free = or_(jobs.c.recording_until.is_(None), jobs.c.recording_until < now, jobs.c.recording_until > until)
        query = (
            _with_results()
            .where(jobs.c.recorded_at.is_(None), jobs.c.finished_at.is_not(None), free)
            .where(jobs.c.status.in_(FINAL), jobs.c.attempt > 0)
            .order_by(jobs.c.finished_at)
            .limit(limit)
            .with_for_update(of=jobs, skip_locked=True)
        )
        found = [job_of(row) for row in self._connection.execute(query).mappings()]
        for job in found:
            self._update([jobs.c.job_id == job.job_id], {"recording_until": until})
        return found

    def postpone_recording(self, job_id: str, until: datetime) -> None:
        self._update([jobs.c.job_id == job_id], {"recording_until": until})

    def mark_recorded(self, job_id: str, run_id: str | None, now: datetime) -> None:
        self._update([jobs.c.job_id == job_id], {"recorded_at": now, "run_id": run_id, "recording_until": None})

    def adopt_run(self, job_id: str, run_id: str, instead_of: str | None) -> str:
        unchanged = jobs.c.run_id.is_not_distinct_from(instead_of)
        self._update([jobs.c.job_id == job_id, unchanged], {"run_id": run_id})
        found: str = self._connection.execute(select(jobs.c.run_id).where(jobs.c.job_id == job_id)).scalar_one()
        return found

    def board(self, benchmark: str, benchmark_version: str) -> Sequence[Entry]:
        return self._results.board(benchmark, benchmark_version)

    def _one(self, *conditions: ColumnElement[bool]) -> Job | None:
        row = self._connection.execute(_with_results().where(*conditions)).mappings().one_or_none()
        return None if row is None else job_of(row)

    def _add_user(self, user_id: str) -> None:
        # Two first jobs of one user may come at once.
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        self._connection.execute(dialect.insert(users).values(user_id=user_id).on_conflict_do_nothing())

    def _lock_claims(self) -> None:
        """Let one claim at a time look whose turn it is and who is at the cap. SQLite has one writer anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLAIM_LOCK})

    def _change(
        self,
        conditions: Sequence[ColumnElement[bool]],
        event: JobEvent,
        now: datetime,
        failure: Failure | None = None,
        **values: Any,
    ) -> bool:
        """Let `event` happen to the job that `conditions` name, if its status allows it; return whether it did."""
        source = source_of(event)
        target = after(source, event)
        changes = {"status": target, "updated_at": now, **values}
        if target is not JobStatus.RUNNING:
            changes |= {"stage": None, "lease_expires_at": None}
        if target in FINAL:
            changes |= {"finished_at": now, "failure": failure_value(failure)}
        return self._update([*conditions, jobs.c.status == source], changes)

    def _update(self, conditions: Sequence[ColumnElement[bool]], values: Mapping[str, Any]) -> bool:
        changed = self._connection.execute(update(jobs).where(and_(*conditions)).values(**values))
        return changed.rowcount == 1


def _with_results() -> Select[Any]:
    columns = [results.c[name] for name in ("scored", "intervals", "by_category", "reported", "reported_params")]
    return select(jobs, *columns).outerjoin(results, results.c.job_id == jobs.c.job_id)


def _held_by(job_id: str, attempt: int) -> list[ColumnElement[bool]]:
    """A job that still runs as this attempt: what every write by a worker is conditional on."""
    return [jobs.c.job_id == job_id, jobs.c.attempt == attempt, jobs.c.status == JobStatus.RUNNING]
