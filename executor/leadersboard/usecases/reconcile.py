"""Finds what fell between two lines: jobs whose worker is gone."""

import logging

from leadersboard.domain.job import Failure, Job, JobEvent, Reason
from leadersboard.ports.clock import Clock
from leadersboard.ports.records import Records

logger = logging.getLogger(__name__)


def take_back_lost_jobs(*, records: Records, clock: Clock) -> int:
    """Give every job whose lease ran out back to the queue, or end it if that happened once too often.

    Return how many jobs changed. A job that was to be cancelled is cancelled: with its worker its processes are gone.
    """
    changed = 0
    with records.writing() as transaction:
        now = clock.now()
        for job in transaction.jobs.expired(now):
            event = _event(job)
            failure = _given_up(job) if event is JobEvent.GIVE_UP else None
            if transaction.jobs.take_back(job, event, failure, now):
                logger.warning("job %s: worker %s is gone after attempt %d", job.job_id, job.worker, job.attempt)
                changed += 1
    return changed


def _event(job: Job) -> JobEvent:
    if job.cancel_requested_at is not None:
        return JobEvent.STOP
    return JobEvent.RELEASE if job.attempt < job.max_attempts else JobEvent.GIVE_UP


def _given_up(job: Job) -> Failure:
    return Failure(
        Reason.PLATFORM_ERROR,
        f"The worker was lost during each of {job.attempt} attempts. Tell the operator, or submit again.",
        f"{job.attempt} 回の実行すべてでワーカーが失われました。管理者に知らせるか、再提出してください。",
    )
