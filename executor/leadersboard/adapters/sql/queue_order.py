"""Whose turn it is, in SQL: users take turns, and within a user the oldest job comes first."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, Select, and_, func, select

from leadersboard.adapters.sql.tables import jobs, users
from leadersboard.domain.job import Job, JobStatus
from leadersboard.ports.records import Claim, QueueState

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Over how many earlier jobs the typical run time is taken.
_RECENT = 20


def next_candidates(connection: Connection, claim: Claim) -> Sequence[str]:
    """Return the ids of jobs to try, in fair order: one of each user whose turn it could be."""
    turns = [row for row in _turns(connection, claim.resource_classes) if row.running < claim.max_running_per_user]
    found = (_oldest_pending(connection, row.user_id, claim.resource_classes) for row in turns[:5])
    return [job_id for job_id in found if job_id is not None]


def _turns(connection: Connection, resource_classes: Sequence[str]) -> Sequence[Row[str, int, int, datetime]]:
    """Return the users who wait, in the order of their turns, with how many of their jobs wait and run."""
    waiting = (
        select(jobs.c.user_id, func.count().label("waiting"), func.min(jobs.c.created_at).label("oldest"))
        .where(jobs.c.status == JobStatus.PENDING, jobs.c.resource_class.in_(resource_classes))
        .group_by(jobs.c.user_id)
        .subquery()
    )
    running = _running_by_user().subquery()
    now_running = func.coalesce(running.c.running, 0).label("running")
    last_served = func.coalesce(users.c.last_served_at, _NEVER).label("last_served_at")
    query = (
        select(waiting.c.user_id, waiting.c.waiting, now_running, last_served)
        .outerjoin(running, running.c.user_id == waiting.c.user_id)
        .outerjoin(users, users.c.user_id == waiting.c.user_id)
        .order_by(now_running, last_served, waiting.c.oldest, waiting.c.user_id)
    )
    return connection.execute(query).all()


def _running_by_user() -> Select[str, int]:
    return (
        select(jobs.c.user_id, func.count().label("running"))
        .where(jobs.c.status == JobStatus.RUNNING)
        .group_by(jobs.c.user_id)
    )


def _oldest_pending(connection: Connection, user_id: str, resource_classes: Sequence[str]) -> str | None:
    query = (
        select(jobs.c.job_id)
        .where(
            jobs.c.status == JobStatus.PENDING,
            jobs.c.user_id == user_id,
            jobs.c.resource_class.in_(resource_classes),
        )
        .order_by(jobs.c.created_at, jobs.c.job_id)
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def queue_state(connection: Connection, job: Job) -> QueueState:
    """Return what is ahead of a pending job, given that users take turns."""
    classes = [job.resource_class]
    turns = _turns(connection, classes)
    own_ahead = connection.execute(
        select(func.count()).where(
            jobs.c.status == JobStatus.PENDING,
            jobs.c.user_id == job.user_id,
            jobs.c.resource_class.in_(classes),
            jobs.c.created_at < job.created_at,
        )
    ).scalar_one()
    ahead, before_us = own_ahead, True
    for turn in turns:
        if turn.user_id == job.user_id:
            before_us = False
            continue
        # Every other user is served once for each of our own jobs ahead, and once more if their turn comes first.
        ahead += min(turn.waiting, own_ahead + (1 if before_us else 0))
    running = connection.execute(
        select(func.count()).where(jobs.c.status == JobStatus.RUNNING, jobs.c.resource_class.in_(classes))
    ).scalar_one()
    return QueueState(ahead, running, _typical_run_seconds(connection))


def _typical_run_seconds(connection: Connection) -> float | None:
    query = (
        select(jobs.c.started_at, jobs.c.finished_at)
        .where(and_(jobs.c.status == JobStatus.COMPLETED, jobs.c.started_at.is_not(None)))
        .order_by(jobs.c.finished_at.desc())
        .limit(_RECENT)
    )
    seconds = sorted((row.finished_at - row.started_at).total_seconds() for row in connection.execute(query))
    return seconds[len(seconds) // 2] if seconds else None
