"""Writes ended jobs to tracking: after the records have them, and again until it has worked."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from leadersboard.domain.job import Job
from leadersboard.ports.storage import OutputFile
from leadersboard.ports.tracking import TrackingUnavailable
from leadersboard.usecases.workshop import Workshop

logger = logging.getLogger(__name__)
# One recorder has a job in hand for this long; after that another may try.
_HOLD = timedelta(minutes=2)
# A tracking server that is away is asked again this soon.
_AGAIN = timedelta(seconds=15)
_MAX_ARTIFACT_BYTES = 50 * 1024**2
# Hundreds of arrays that nobody opens in a browser: they stay with the job's files.
_LEFT_OUT = ("outputs/anomaly_maps/",)


def record_results(shop: Workshop, limit: int = 10) -> int:
    """Record up to `limit` ended jobs; return how many were."""
    now = shop.clock.now()
    with shop.records.writing() as transaction:
        jobs = transaction.jobs.claim_unrecorded(now, now + _HOLD, limit)
    recorded = 0
    for job in jobs:
        try:
            run_id = _record(job, shop)
        except TrackingUnavailable as error:
            logger.warning("job %s is not recorded yet: %s", job.job_id, error)
            with shop.records.writing() as transaction:
                transaction.jobs.postpone_recording(job.job_id, shop.clock.now() + _AGAIN)
            continue
        with shop.records.writing() as transaction:
            transaction.jobs.mark_recorded(job.job_id, run_id, shop.clock.now())
        recorded += 1
    return recorded


def _record(job: Job, shop: Workshop) -> str:
    with shop.records.reading() as transaction:
        submission = transaction.submissions.get(job.submission_id)
    if submission is None:
        raise LookupError(job.submission_id)
    names = _worth_recording(shop.outputs.listing(job.job_id, job.attempt))
    with shop.outputs.fetch(job.job_id, job.attempt, names) as folder:
        Path(folder, "log.txt").write_text(shop.logs.tail(job.job_id, None), encoding="utf-8")
        return shop.tracking.record(job, submission, folder)


def _worth_recording(files: Sequence[OutputFile]) -> list[str]:
    names, left = [], _MAX_ARTIFACT_BYTES
    for file in files:
        if file.name.startswith(_LEFT_OUT) or file.size > left:
            continue
        left -= file.size
        names.append(file.name)
    return names
