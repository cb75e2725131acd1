"""Whose turn it is, in SQL: users take turns, and within a user the oldest job comes first.

The statements are built once: building them anew would take longer than running them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Row, bindparam, func, literal, select

from leadersboard.adapters.sql.tables import jobs, users
from leadersboard.domain.forecast import Forecast, Lane, Queue, RunningJob, forecast
from leadersboard.domain.job import Job, JobStatus
from leadersboard.ports.records import Claim, Outlook

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# How many earlier jobs of each ending say how long runs take, and how many of one user's.
_RECENT = 50
_RECENT_OF_USER = 10
# Between two jobs a slot is empty for a moment: it counts if it was held this long ago.
_A_MOMENT = timedelta(seconds=10)
# Where nothing runs and a job has waited this long, nobody works.
_NOBODY_WORKS = timedelta(seconds=60)
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
    select(_WAITING.c.user_id, _WAITING.c.waiting, _WAITING.c.oldest, _NOW_RUNNING, _LAST_SERVED)
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
_RUNNING_NOW = select(jobs.c.user_id, jobs.c.started_at).where(jobs.c.status == JobStatus.RUNNING, _IN_CLASSES)
_RECENT_RUNS = (
    select(jobs.c.user_id, jobs.c.started_at, jobs.c.finished_at)
    .where(jobs.c.status == bindparam("status"), jobs.c.started_at.is_not(None), _IN_CLASSES)
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


def _turns(connection: Connection, classes: list[str]) -> Sequence[Row[str, int, datetime, int, datetime]]:
    """Return the users who wait, in the order of their turns, with how many of their jobs wait and run."""
    return connection.execute(_TURNS, {"classes": classes}).all()


def queue_state(connection: Connection, job: Job, outlook: Outlook) -> Forecast:
    """Return how many jobs start before a pending one, and in how many seconds it does, as the queue stands."""
    classes = list(outlook.resource_classes)
    own = {"user": job.user_id, "classes": classes, "created_at": job.created_at}
    own_ahead = connection.execute(_OWN_AHEAD, own).scalar_one()
    turns = _turns(connection, classes)
    running = [
        RunningJob(row.user_id, row.started_at) for row in connection.execute(_RUNNING_NOW, {"classes": classes})
    ]
    recent = _recent_runs(connection, classes)
    then = outlook.now - _A_MOMENT
    held = sum(one.started_at <= then for one in running) + sum(
        row.started_at <= then < row.finished_at for row in recent
    )
    found = forecast(
        Queue(
            now=outlook.now,
            lanes=[Lane(turn.user_id, turn.waiting, turn.last_served, turn.oldest) for turn in turns],
            running=running,
            slots=max(len(running), held, 1),
            run_seconds=_seconds_by_user(recent),
            max_running_per_user=outlook.max_running_per_user,
        ),
        job.user_id,
        own_ahead,
    )
    oldest = min((turn.oldest for turn in turns), default=outlook.now)
    works = running or held or outlook.now - oldest < _NOBODY_WORKS
    return found if works else Forecast(found.ahead, None)


def _recent_runs(connection: Connection, classes: list[str]) -> Sequence[Row[str, datetime, datetime]]:
    """Return the newest runs that came to an end by themselves, the newest first."""
    ended = [
        row
        for status in (JobStatus.COMPLETED, JobStatus.FAILED)
        for row in connection.execute(_RECENT_RUNS, {"status": status, "classes": classes})
    ]
    return sorted(ended, key=lambda row: row.finished_at, reverse=True)


def _seconds_by_user(runs: Sequence[Row[str, datetime, datetime]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for run in runs:
        own = found.setdefault(run.user_id, [])
        if len(own) < _RECENT_OF_USER:
            own.append((run.finished_at - run.started_at).total_seconds())
    return found
