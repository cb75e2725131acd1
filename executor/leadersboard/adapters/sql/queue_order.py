"""Whose turn it is, in SQL: users take turns, and within a user the oldest job comes first.

The statements are built once: building them anew would take longer than running them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, bindparam, func, literal, select

from leadersboard.adapters.sql.tables import jobs, users
from leadersboard.domain.job import Job, JobStatus
from leadersboard.ports.records import Claim, QueueState

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Over how many earlier jobs the typical run time is taken.
_RECENT = 20
# Of how many users the oldest job is looked at for one claim: whoever is first almost always has one.
_LOOKED_AT = 5

_IN_CLASSES = jobs.c.resource_class.in_(bindparam("classes", expanding=True))

_WAITING = (
    select(jobs.c.user_id, func.count().label("waiting"), func.min(jobs.c.created_at).label("oldest"))
    .where(jobs.c.status == JobStatus.PENDING, _IN_CLASSES)
    .group_by(jobs.c.user_id)
    .subquery()
)
_RUNNING = (
    select(jobs.c.user_id, func.count().label("running"))
    .where(jobs.c.status == JobStatus.RUNNING)
    .group_by(jobs.c.user_id)
    .subquery()
)
_NOW_RUNNING = func.coalesce(_RUNNING.c.running, 0).label("running")
_LAST_SERVED = func.coalesce(users.c.last_served_at, literal(_NEVER, users.c.last_served_at.type)).label("last_served")
_TURNS = (
    select(_WAITING.c.user_id, _WAITING.c.waiting, _NOW_RUNNING, _LAST_SERVED)
    .outerjoin(_RUNNING, _RUNNING.c.user_id == _WAITING.c.user_id)
    .outerjoin(users, users.c.user_id == _WAITING.c.user_id)
    .order_by(_NOW_RUNNING, _LAST_SERVED, _WAITING.c.oldest, _WAITING.c.user_id)
)
_OLDEST_PENDING = (
    select(jobs.c.job_id)
    .where(jobs.c.status == JobStatus.PENDING, jobs.c.user_id == bindparam("user"), _IN_CLASSES)
    .order_by(jobs.c.created_at, jobs.c.job_id)
    .limit(1)
)
_OWN_AHEAD = select(func.count()).where(
    jobs.c.status == JobStatus.PENDING,
    jobs.c.user_id == bindparam("user"),
    _IN_CLASSES,
    jobs.c.created_at < bindparam("created_at"),
)
_RUNNING_IN_CLASSES = select(func.count()).where(jobs.c.status == JobStatus.RUNNING, _IN_CLASSES)
_RECENT_RUNS = (
    select(jobs.c.started_at, jobs.c.finished_at)
    .where(jobs.c.status == JobStatus.COMPLETED, jobs.c.started_at.is_not(None))
    .order_by(jobs.c.finished_at.desc())
    .limit(_RECENT)
)


def next_candidates(connection: Connection, claim: Claim) -> Sequence[str]:
    """Return the ids of jobs to try, in fair order: one of each user whose turn it could be."""
    classes = list(claim.resource_classes)
    turns = [row for row in _turns(connection, classes) if row.running < claim.max_running_per_user]
    found = (
        connection.execute(_OLDEST_PENDING, {"user": row.user_id, "classes": classes}).scalar_one_or_none()
        for row in turns[:_LOOKED_AT]
    )
    return [job_id for job_id in found if job_id is not None]


def _turns(connection: Connection, classes: list[str]) -> Sequence[Row[str, int, int, datetime]]:
    """Return the users who wait, in the order of their turns, with how many of their jobs wait and run."""
    return connection.execute(_TURNS, {"classes": classes}).all()


def queue_state(connection: Connection, job: Job) -> QueueState:
    """Return what is ahead of a pending job, given that users take turns."""
    classes = [job.resource_class]
    own = {"user": job.user_id, "classes": classes, "created_at": job.created_at}
    own_ahead = connection.execute(_OWN_AHEAD, own).scalar_one()
    ahead, before_us = own_ahead, True
    for turn in _turns(connection, classes):
        if turn.user_id == job.user_id:
            before_us = False
            continue
        # Every other user is served once for each of our own jobs ahead, and once more if their turn comes first.
        ahead += min(turn.waiting, own_ahead + (1 if before_us else 0))
    running = connection.execute(_RUNNING_IN_CLASSES, {"classes": classes}).scalar_one()
    return QueueState(ahead, running, _typical_run_seconds(connection))


def _typical_run_seconds(connection: Connection) -> float | None:
    runs = connection.execute(_RECENT_RUNS)
    seconds = sorted((run.finished_at - run.started_at).total_seconds() for run in runs)
    return seconds[len(seconds) // 2] if seconds else None
