"""Cancels a job: at once where no worker has it, else by asking the worker, who says so when its processes are gone."""

import asyncio

from leadersboard.domain.errors import UnknownJob
from leadersboard.domain.job import Job
from leadersboard.ports.boards import Deed, LogEntry
from leadersboard.ports.clock import Clock
from leadersboard.ports.events import Events
from leadersboard.ports.records import Records
from leadersboard.usecases.organise import plain_reason


async def cancel_job(
    job_id: str, user_id: str, sees_all: bool, *, records: Records, events: Events, clock: Clock, reason: str = ""
) -> Job:
    """Return the job as it stands afterwards; a job that has ended already stays as it is.

    Where it is somebody else's, the log of organisers says who cancelled it and the `reason`.

    Raises:
        UnknownJob: there is none, or it is somebody else's.
        ReasonTooLong
    """
    why = plain_reason(reason)
    job = await asyncio.to_thread(_write_cancel, job_id, user_id, sees_all, why, records, clock)
    await events.publish(job_id)
    return job


def _write_cancel(job_id: str, user_id: str, sees_all: bool, why: str, records: Records, clock: Clock) -> Job:
    with records.writing() as transaction:
        job = transaction.jobs.get(job_id)
        if job is None or not (sees_all or job.user_id == user_id):
            raise UnknownJob(job_id=job_id[:100])
        if job.status.is_final:
            return job
        now = clock.now()
        if job.user_id != user_id and job.cancel_requested_at is None:
            transaction.boards.note(LogEntry(now, user_id, Deed.CANCEL, job_id, why))
        return transaction.jobs.request_cancel(job_id, now) or job
