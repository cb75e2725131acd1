"""Workers, and counts over the jobs, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from leadersboard.adapters.sql.tables import jobs, workers
from leadersboard.domain.job import FINAL, JobStatus
from leadersboard.ports.monitoring import Counted, Figures, Mood, Standing, Waiting, WorkerState

_REASON = jobs.c.failure["reason"].as_string()
_STANDING = select(jobs.c.status, _REASON.label("reason"), func.count().label("jobs")).group_by(jobs.c.status, _REASON)
_WAITING = (
    select(jobs.c.resource_class, func.count().label("jobs"), func.min(jobs.c.created_at).label("oldest"))
    .where(jobs.c.status == JobStatus.PENDING)
    .group_by(jobs.c.resource_class)
)
_BY_STAGE = (
    select(jobs.c.stage, func.count().label("jobs"))
    .where(jobs.c.status == JobStatus.RUNNING, jobs.c.stage.is_not(None))
    .group_by(jobs.c.stage)
)
_OLDEST_UNFINISHED = select(func.min(jobs.c.created_at)).where(
    jobs.c.status.in_([status for status in JobStatus if status not in FINAL])
)
_UNRECORDED = select(func.count()).where(
    jobs.c.recorded_at.is_(None), jobs.c.finished_at.is_not(None), jobs.c.attempt > 0
)
_KEPT_BYTES = select(func.coalesce(func.sum(jobs.c.kept_bytes), 0)).where(jobs.c.pruned_at.is_(None))


class SqlWorkerRecords:
    """The `WorkerRecords` port on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def say(self, state: WorkerState) -> None:
        row = {**asdict(state), "counts": {name.value: count for name, count in state.counts.items()}}
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        known = {name: value for name, value in row.items() if name != "worker"}
        self._connection.execute(
            dialect.insert(workers).values(row).on_conflict_do_update(index_elements=["worker"], set_=known)
        )

    def leave(self, worker: str) -> None:
        self._connection.execute(delete(workers).where(workers.c.worker == worker))

    def forget(self, before: datetime) -> int:
        return self._connection.execute(delete(workers).where(workers.c.seen_at < before)).rowcount

    def all(self) -> Sequence[WorkerState]:
        rows = self._connection.execute(select(workers).order_by(workers.c.worker)).mappings()
        known = set(Counted)
        return [
            WorkerState(
                **{
                    **row,
                    "mood": Mood(row["mood"]),
                    # A worker of another version may count other things.
                    "counts": {Counted(name): count for name, count in row["counts"].items() if name in known},
                }
            )
            for row in rows
        ]


class SqlFigureRecords:
    """The `FigureRecords` port on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self) -> Figures:
        ask = self._connection.execute
        return Figures(
            standing=[Standing(row.status, row.reason, row.jobs) for row in ask(_STANDING)],
            waiting=[Waiting(row.resource_class, row.jobs, row.oldest) for row in ask(_WAITING)],
            oldest_unfinished=ask(_OLDEST_UNFINISHED).scalar_one(),
            unrecorded=ask(_UNRECORDED).scalar_one(),
            kept_bytes=int(ask(_KEPT_BYTES).scalar_one()),
            by_stage={row.stage: row.jobs for row in ask(_BY_STAGE)},
        )
