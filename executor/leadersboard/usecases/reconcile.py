"""Finds what fell between two lines: jobs whose worker is gone."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leadersboard.domain.job import Failure, Job, JobEvent, Reason
from leadersboard.ports.clock import Clock
from leadersboard.ports.records import Records

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Sighting:
    """A lease as it was last seen to change, and for how many seconds of watching it has not."""

    lease: tuple[int, datetime | None]
    unrenewed_seconds: float = 0.0


class LeaseWatch:
    """Says which leases were not renewed for as long as a lease lasts, as seen from here.

    The times in leases are other machines', whose clocks differ and are set; so what counts is that a lease changes,
    measured by a clock that only goes forward. Time in which this process could not look does not count either: most
    likely the workers could not renew.
    """

    def __init__(self, lease_seconds: float) -> None:
        self._lease_seconds = lease_seconds
        self._sightings: dict[str, _Sighting] = {}
        self._looked_at: float | None = None

    def lost(self, running: Sequence[Job], seconds: float) -> list[Job]:
        """Return those of the `running` jobs that were lost; `seconds` is the time of a monotonic clock."""
        step = 0.0 if self._looked_at is None else min(seconds - self._looked_at, self._lease_seconds / 2)
        self._looked_at = seconds
        seen, self._sightings = self._sightings, {}
        lost = []
        for job in running:
            lease = (job.attempt, job.lease_expires_at)
            before = seen.get(job.job_id)
            now = _Sighting(lease) if before is None or before.lease != lease else before
            if now is before:
                now.unrenewed_seconds += step
            self._sightings[job.job_id] = now
            if now.unrenewed_seconds > self._lease_seconds:
                lost.append(job)
        return lost


def take_back_lost_jobs(watch: LeaseWatch, seconds: float, *, records: Records, clock: Clock) -> int:
    """Give every job whose worker is gone back to the queue, or end it if that happened once too often.

    `seconds` is the time of a monotonic clock. Return how many jobs changed. A job that was to be cancelled is
    cancelled: with its worker its processes are gone.
    """
    with records.reading() as transaction:
        running = transaction.jobs.running()
    lost = watch.lost(running, seconds)
    return sum(_take_back(job, records, clock) for job in lost)


def _take_back(job: Job, records: Records, clock: Clock) -> bool:
    event = _event(job)
    failure = _given_up(job) if event is JobEvent.GIVE_UP else None
    with records.writing() as transaction:
        taken = transaction.jobs.take_back(job, event, failure, clock.now())
    if taken:
        logger.warning("job %s: worker %s is gone after attempt %d", job.job_id, job.worker, job.attempt)
    return taken


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
