"""The quota's ledger in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, text, update

from leadersboard.adapters.sql.mapping import failure_of
from leadersboard.adapters.sql.tables import jobs, quota_ledger
from leadersboard.domain.job import JobStatus
from leadersboard.domain.quota import Charge, ChargedFor, ReturnedFor, reason_to_return

_OPEN = quota_ledger.c.returned_at.is_(None)


class SqlQuotaLedger:
    """The `QuotaLedger` port on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock_user(self, user_id: str) -> None:
        # SQLite needs nothing here: a writing transaction there excludes every other one.
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:user_id, 0))"), {"user_id": user_id}
            )

    def charge(self, user_id: str, charge: Charge) -> None:
        row = {name: getattr(charge, name) for name in charge.__slots__}
        self._connection.execute(insert(quota_ledger), {"user_id": user_id, **row})

    def charged_since(self, user_id: str, since: datetime, limit: int) -> Sequence[datetime]:
        query = (
            select(quota_ledger.c.charged_at)
            .where(quota_ledger.c.user_id == user_id, quota_ledger.c.charged_at > since, _OPEN)
            .order_by(quota_ledger.c.charged_at.desc())
            .limit(limit)
        )
        return list(reversed(self._connection.execute(query).scalars().all()))

    def was_given_back(self, submission_id: str) -> bool:
        query = select(quota_ledger.c.returned_at).where(quota_ledger.c.submission_id == submission_id)
        found = self._connection.execute(query).scalars().all()
        return bool(found) and None not in found

    def entries(self, user_id: str, limit: int) -> Sequence[Charge]:
        query = (
            select(*(quota_ledger.c[name] for name in Charge.__slots__))
            .where(quota_ledger.c.user_id == user_id)
            .order_by(quota_ledger.c.charged_at.desc(), quota_ledger.c.entry_id.desc())
            .limit(limit)
        )
        return [
            Charge(
                **{
                    **row,
                    "charged_for": ChargedFor(row["charged_for"]),
                    "returned_for": None if row["returned_for"] is None else ReturnedFor(row["returned_for"]),
                }
            )
            for row in self._connection.execute(query).mappings()
        ]

    def settle(self, job_id: str, *, withdrawn: bool, now: datetime) -> None:
        """Give the charge of a job that has ended back, if nothing of its submission is held against the user."""
        job = self._connection.execute(_STANDING.where(jobs.c.job_id == job_id)).mappings().one()
        status, failure = JobStatus(job["status"]), failure_of(job["failure"])
        why = reason_to_return(status, failure, started=job["attempt"] > 0 and not withdrawn)
        if why is None:
            return
        # Two jobs of one submission that end at once: the second sees the first.
        self.lock_user(job["user_id"])
        if self._another_counts(job_id, job["submission_id"]):
            return
        self._connection.execute(
            update(quota_ledger)
            .where(
                quota_ledger.c.submission_id == job["submission_id"], quota_ledger.c.user_id == job["user_id"], _OPEN
            )
            .values(returned_at=now, returned_for=why, job_id=job_id)
        )

    def _another_counts(self, job_id: str, submission_id: str) -> bool:
        others = _STANDING.where(jobs.c.submission_id == submission_id, jobs.c.job_id != job_id)
        return any(
            reason_to_return(JobStatus(row["status"]), failure_of(row["failure"]), started=row["attempt"] > 0) is None
            for row in self._connection.execute(others).mappings()
        )


_STANDING = select(jobs.c.user_id, jobs.c.submission_id, jobs.c.status, jobs.c.failure, jobs.c.attempt)
