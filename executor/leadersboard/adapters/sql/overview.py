"""Everybody's jobs, counted for organisers, in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from leadersboard.adapters.sql.jobs import SqlJobRecords
from leadersboard.adapters.sql.tables import jobs, quota_ledger
from leadersboard.domain.job import FINAL, Job, JobStatus
from leadersboard.ports.overview import FailureCount, Line, Participant

_REASON = jobs.c.failure["reason"].as_string()


def _count(status: JobStatus) -> ColumnElement[Any]:
    return func.sum(case((jobs.c.status == status, 1), else_=0)).label(status.value)


_LINES = (
    select(
        jobs.c.resource_class,
        _count(JobStatus.PENDING),
        _count(JobStatus.RUNNING),
        func.min(case((jobs.c.status == JobStatus.PENDING, jobs.c.created_at))).label("oldest"),
    )
    .where(jobs.c.status.not_in(FINAL))
    .group_by(jobs.c.resource_class)
    .order_by(jobs.c.resource_class)
)
_BY_STATUS = [_count(status) for status in JobStatus]


class SqlOverviewRecords:
    """The `OverviewRecords` port on one connection."""

    def __init__(self, connection: Connection, job_records: SqlJobRecords) -> None:
        self._connection = connection
        self._jobs = job_records

    def lines(self) -> Sequence[Line]:
        return [
            Line(row.resource_class, row.pending, row.running, row.oldest, self._last(row.resource_class))
            for row in self._connection.execute(_LINES)
        ]

    def devices(self, since: datetime) -> Mapping[str, Sequence[str]]:
        query = (
            select(jobs.c.worker, jobs.c.device)
            .where(jobs.c.created_at >= since, jobs.c.worker.is_not(None), jobs.c.device.is_not(None))
            .distinct()
            .order_by(jobs.c.worker, jobs.c.device)
        )
        found: dict[str, list[str]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.worker, []).append(row.device)
        return found

    def failures(self, since: datetime) -> Sequence[FailureCount]:
        count = func.count().label("jobs")
        query = (
            select(_REASON.label("reason"), count, func.max(jobs.c.finished_at).label("newest"))
            .where(jobs.c.status == JobStatus.FAILED, jobs.c.finished_at >= since)
            .group_by(_REASON)
            .order_by(count.desc(), _REASON)
        )
        return [FailureCount(row.reason, row.jobs, row.newest) for row in self._connection.execute(query)]

    def participants(self, since: datetime, charged_since: datetime, limit: int) -> Sequence[Participant]:
        newest = func.max(jobs.c.created_at).label("newest")
        query = (
            select(jobs.c.user_id, newest, *_BY_STATUS)
            .where(jobs.c.created_at >= since)
            .group_by(jobs.c.user_id)
            .order_by(newest.desc(), jobs.c.user_id)
            .limit(limit)
        )
        charged = self._charged(charged_since)
        return [
            Participant(
                user_id=row.user_id,
                charged=charged.get(row.user_id, 0),
                waiting=row.pending,
                running=row.running,
                completed=row.completed,
                failed=row.failed,
                newest=row.newest,
            )
            for row in self._connection.execute(query)
        ]

    def _last(self, resource_class: str) -> Job | None:
        query = (
            select(jobs.c.job_id)
            .where(jobs.c.status == JobStatus.PENDING, jobs.c.resource_class == resource_class)
            .order_by(jobs.c.created_at.desc())
            .limit(1)
        )
        job_id = self._connection.execute(query).scalar_one_or_none()
        return None if job_id is None else self._jobs.get(job_id)

    def _charged(self, since: datetime) -> Mapping[str, int]:
        query = (
            select(quota_ledger.c.user_id, func.count().label("charged"))
            .where(quota_ledger.c.charged_at > since, quota_ledger.c.returned_at.is_(None))
            .group_by(quota_ledger.c.user_id)
        )
        return {row.user_id: row.charged for row in self._connection.execute(query)}
