"""Results in SQL, and their receipts."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, insert, select, update

from leadersboard.adapters.sql.mapping import Row, entry_of, receipt_value, result_of, result_value
from leadersboard.adapters.sql.tables import hidden_rows, jobs, results, submissions
from leadersboard.domain.job import JobStatus, Result
from leadersboard.domain.ranking import Entry
from leadersboard.domain.signature import Defect, Flaw, Receipt, Statement, Verify, defect_of
from leadersboard.ports.records import SealedResult

_SIGNED = (
    jobs.c.job_id,
    jobs.c.user_id,
    jobs.c.benchmark,
    jobs.c.benchmark_version,
    submissions.c.digest,
    results.c.scored,
    results.c.intervals,
    results.c.by_category,
    results.c.reported,
    results.c.reported_params,
    results.c.receipt,
)
_ON_THE_BOARD = (
    jobs.c.submission_id,
    jobs.c.resource_class,
    jobs.c.device,
    jobs.c.attempt,
    jobs.c.run_id,
    jobs.c.started_at,
    jobs.c.finished_at,
    jobs.c.peak_memory_bytes,
    jobs.c.created_at.label("submitted_at"),
    submissions.c.metadata.label("about"),
)


class SqlResultRecords:
    """The `ResultRecords` port on one connection."""

    def __init__(self, connection: Connection, verify: Verify) -> None:
        self._connection = connection
        self._verify = verify

    def board(self, benchmark: str, benchmark_version: str) -> Sequence[Entry]:
        query = _completed(*_ON_THE_BOARD, *_SIGNED).where(
            jobs.c.benchmark == benchmark,
            jobs.c.benchmark_version == benchmark_version,
            jobs.c.job_id.not_in(select(hidden_rows.c.job_id)),
        )
        rows = self._connection.execute(query).mappings()
        return [entry_of(row) for row in rows if self._defect_of(row) is None]

    def judged_rows(self, job_ids: Collection[str]) -> Iterator[tuple[Row, Defect | None]]:
        """Yield the completed ones of these jobs as the board needs them, and what is wrong with each."""
        query = _completed(*_ON_THE_BOARD, *_SIGNED).where(jobs.c.job_id.in_(job_ids))
        for row in self._connection.execute(query).mappings():
            yield row, self._defect_of(row)

    def sealed(self, *, job_id: str | None = None, benchmark: str | None = None) -> Sequence[SealedResult]:
        wanted = {"job_id": job_id, "benchmark": benchmark}
        conditions = [jobs.c[name] == value for name, value in wanted.items() if value is not None]
        query = _completed(*_SIGNED, results.c.created_at).where(*conditions).order_by(results.c.created_at)
        rows = self._connection.execute(query).mappings()
        return [
            SealedResult(
                row["job_id"],
                row["user_id"],
                row["benchmark"],
                row["benchmark_version"],
                row["created_at"],
                self._defect_of(row),
            )
            for row in rows
        ]

    def statement(self, job_id: str) -> Statement | None:
        found = self._connection.execute(_completed(*_SIGNED).where(jobs.c.job_id == job_id)).mappings().first()
        return None if found is None else statement_of(found)

    def seal(self, job_id: str, receipt: Receipt) -> bool:
        unsigned = (results.c.job_id == job_id, results.c.receipt.is_(None))
        changed = self._connection.execute(update(results).where(*unsigned).values(receipt=receipt_value(receipt)))
        return changed.rowcount == 1

    def _defect_of(self, row: Row) -> Defect | None:
        try:
            statement = statement_of(row)
        except (TypeError, ValueError, AttributeError):
            # What is kept as metrics is no longer even of their form.
            return Defect(Flaw.CHANGED)
        return defect_of(statement, row["receipt"], self._verify)


def add_result(connection: Connection, about: Row, result: Result, receipt: Receipt | None) -> None:
    """Write the result of a job; `about` holds its `job_id`, `attempt` and `created_at`."""
    row = {**about, **result_value(result), "receipt": receipt_value(receipt)}
    connection.execute(insert(results), row)


def statement_of(row: Row) -> Statement:
    """Return what a row says now of all that a receipt is over."""
    return Statement(
        job_id=row["job_id"],
        user_id=row["user_id"],
        submission_digest=row["digest"],
        benchmark=row["benchmark"],
        benchmark_version=row["benchmark_version"],
        result=result_of(row),
    )


def _completed(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .join(results, results.c.job_id == jobs.c.job_id)
        .join(submissions, submissions.c.submission_id == jobs.c.submission_id)
        .where(jobs.c.status == JobStatus.COMPLETED)
    )
