"""Cancels a job: at once where no worker has it, else by asking the worker, who says so when its processes are gone."""

import asyncio

from leadersboard.domain.errors import UnknownJob
from leadersboard.domain.job import Job
from leadersboard.ports.clock import Clock
from leadersboard.ports.events import Events
from leadersboard.ports.records import Records


async def cancel_job(
    job_id: str, user_id: str, sees_all: bool, *, records: Records, events: Events, clock: Clock
) -> Job:
    """Return the job as it stands afterwards; a job that has ended already stays as it is.

    Raises:
        UnknownJob: there is none, or it is somebody else's.
    """
    job = await asyncio.to_thread(_write_cancel, job_id, user_id, sees_all, records, clock)
    await events.publish(job_id)
    return job


def _write_cancel(job_id: str, user_id: str, sees_all: bool, records: Records, clock: Clock) -> Job:
    with records.writing() as transaction:
        job = transaction.jobs.get(job_id)
        if job is None or not (sees_all or job.user_id == user_id):
            raise UnknownJob(job_id=job_id[:100])
        if job.status.is_final:
            return job
        return transaction.jobs.request_cancel(job_id, clock.now()) or job
