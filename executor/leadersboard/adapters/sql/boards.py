"""Boards in SQL: verified results in parts, hidden rows, and the log of organisers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from leadersboard.adapters.sql.mapping import entry_of
from leadersboard.adapters.sql.results import SqlResultRecords
from leadersboard.adapters.sql.tables import hidden_rows, jobs, organiser_log
from leadersboard.domain.job import JobStatus
from leadersboard.domain.ranking import Entry
from leadersboard.ports.boards import Deed, LogEntry, Seen


class SqlBoardRecords:
    """The `BoardRecords` port on one connection."""

    def __init__(self, connection: Connection, results: SqlResultRecords) -> None:
        self._connection = connection
        self._results = results

    def completed_since(self, benchmark: str, benchmark_version: str, since: datetime | None) -> Sequence[Seen]:
        query = (
            select(jobs.c.job_id, jobs.c.finished_at)
            .where(jobs.c.status == JobStatus.COMPLETED)
            .where(jobs.c.benchmark == benchmark, jobs.c.benchmark_version == benchmark_version)
            .order_by(jobs.c.finished_at)
        )
        if since is not None:
            query = query.where(jobs.c.finished_at >= since)
        return [Seen(row.job_id, row.finished_at) for row in self._connection.execute(query)]

    def completed_count(self, benchmark: str, benchmark_version: str) -> int:
        query = select(func.count()).where(
            jobs.c.benchmark == benchmark,
            jobs.c.benchmark_version == benchmark_version,
            jobs.c.status == JobStatus.COMPLETED,
        )
        return self._connection.execute(query).scalar_one()

    def judged(self, job_ids: Collection[str]) -> Mapping[str, Entry | None]:
        return {
            row["job_id"]: entry_of(row) if defect is None else None
            for row, defect in self._results.judged_rows(job_ids)
        }

    def unrecorded(self, job_ids: Collection[str]) -> Collection[str]:
        query = select(jobs.c.job_id).where(jobs.c.job_id.in_(job_ids), jobs.c.recorded_at.is_(None))
        return set(self._connection.execute(query).scalars())

    def hidden(self) -> Mapping[str, str]:
        return {row.job_id: row.reason for row in self._connection.execute(select(hidden_rows))}

    def hide(self, job_id: str, reason: str) -> None:
        self.show(job_id)
        self._connection.execute(insert(hidden_rows).values(job_id=job_id, reason=reason))

    def show(self, job_id: str) -> None:
        self._connection.execute(delete(hidden_rows).where(hidden_rows.c.job_id == job_id))

    def note(self, entry: LogEntry) -> None:
        self._connection.execute(insert(organiser_log).values({**asdict(entry), "deed": entry.deed.value}))

    def log(self, limit: int) -> Sequence[LogEntry]:
        query = select(organiser_log).order_by(organiser_log.c.entry_id.desc()).limit(limit)
        return [
            LogEntry(row.at, row.who, Deed(row.deed), row.job_id, row.reason) for row in self._connection.execute(query)
        ]
