"""Submissions in SQL."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, insert, select

from leadersboard.adapters.sql.mapping import submission_of, submission_row
from leadersboard.adapters.sql.tables import submissions
from leadersboard.domain.submission import Submission
from leadersboard.ports.records import Found, Page


class SqlSubmissionRecords:
    """The `SubmissionRecords` port on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, submission: Submission) -> None:
        self._connection.execute(insert(submissions), submission_row(submission))

    def get(self, submission_id: str) -> Submission | None:
        query = select(submissions).where(submissions.c.submission_id == submission_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else submission_of(row)

    def entrypoints(self, submission_ids: Collection[str]) -> Mapping[str, str]:
        query = select(submissions.c.submission_id, submissions.c.entrypoint).where(
            submissions.c.submission_id.in_(submission_ids)
        )
        return {row.submission_id: row.entrypoint for row in self._connection.execute(query)}

    def with_key(self, user_id: str, idempotency_key: str) -> Submission | None:
        query = select(submissions).where(
            submissions.c.user_id == user_id, submissions.c.idempotency_key == idempotency_key
        )
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else submission_of(row)

    def page(self, user_id: str | None, page: Page) -> Found[Submission]:
        conditions = [] if user_id is None else [submissions.c.user_id == user_id]
        total = self._connection.execute(select(func.count()).select_from(submissions).where(*conditions)).scalar_one()
        query = (
            select(submissions)
            .where(*conditions)
            .order_by(submissions.c.created_at.desc(), submissions.c.submission_id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = self._connection.execute(query).mappings()
        return Found([submission_of(row) for row in rows], total)
