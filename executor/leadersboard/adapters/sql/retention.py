"""Which jobs still have files, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from leadersboard.adapters.sql.tables import jobs, submissions
from leadersboard.domain.job import FINAL
from leadersboard.ports.retention import KeptJob

_KEPT = (jobs.c.pruned_at.is_(None), jobs.c.status.in_(FINAL), jobs.c.recorded_at.is_not(None))
_OLDEST_FIRST = (
    select(jobs.c.job_id, jobs.c.finished_at, jobs.c.kept_bytes)
    .where(*_KEPT, jobs.c.finished_at.is_not(None))
    .order_by(jobs.c.finished_at, jobs.c.job_id)
)


class SqlRetentionRecords:
    """The `RetentionRecords` port on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unmeasured(self, limit: int) -> Sequence[KeptJob]:
        query = _OLDEST_FIRST.where(jobs.c.kept_bytes.is_(None)).limit(limit)
        return [KeptJob(*row) for row in self._connection.execute(query)]

    def measured(self, job_id: str, size: int) -> None:
        self._connection.execute(update(jobs).where(jobs.c.job_id == job_id).values(kept_bytes=size))

    def kept_bytes(self) -> int:
        query = select(func.coalesce(func.sum(jobs.c.kept_bytes), 0)).where(*_KEPT)
        return int(self._connection.execute(query).scalar_one())

    def oldest(self, limit: int) -> Sequence[KeptJob]:
        return [KeptJob(*row) for row in self._connection.execute(_OLDEST_FIRST.limit(limit))]

    def pruned(self, job_id: str, now: datetime) -> None:
        self._connection.execute(update(jobs).where(jobs.c.job_id == job_id, *_KEPT).values(pruned_at=now))

    def without_row(self, submission_ids: Collection[str]) -> Sequence[str]:
        query = select(submissions.c.submission_id).where(submissions.c.submission_id.in_(submission_ids))
        known = set(self._connection.execute(query).scalars())
        return sorted(set(submission_ids) - known)
