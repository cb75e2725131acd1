"""Writes ended jobs to tracking: after the records have them, and again until it has worked."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from leadersboard.domain.job import Job
from leadersboard.domain.submission import Submission
from leadersboard.ports.monitoring import Counted
from leadersboard.ports.records import RecordsUnavailable
from leadersboard.ports.storage import OutputFile
from leadersboard.ports.tracking import TrackingUnavailable
from leadersboard.usecases.workshop import Workshop

logger = logging.getLogger(__name__)
# One recorder has a job in hand for this long; after that another may try.
_HOLD = timedelta(minutes=2)
# A tracking server that is away is asked again this soon.
_AGAIN = timedelta(seconds=15)
_MAX_ARTIFACT_BYTES = 50 * 1024**2
# Hundreds of arrays and pictures that nobody opens one by one: they stay with the job's files.
_LEFT_OUT = ("outputs/anomaly_maps/", "scoring/maps/")


def open_run(job: Job, shop: Workshop) -> str:
    """Return the id of the job's run, made if there is none yet. The records decide which run is the job's: two
    workers that both believe they have it make one each, and only one stays.

    Raises:
        TrackingUnavailable, RecordsUnavailable
    """
    made = shop.tracking.open_run(job, _submission_of(job, shop))
    with shop.records.writing() as transaction:
        adopted = transaction.jobs.adopt_run(job.job_id, made, instead_of=job.run_id)
    if adopted != made:
        shop.tracking.discard(made)
    return adopted


def record_results(shop: Workshop, limit: int = 10) -> int:
    """Record up to `limit` ended jobs; return how many were."""
    now = shop.clock.now()
    with shop.records.writing() as transaction:
        jobs = transaction.jobs.claim_unrecorded(now, now + _HOLD, limit)
    return sum(_record_one(job, shop) for job in jobs)


def _record_one(job: Job, shop: Workshop) -> bool:
    try:
        run_id = _record(job, shop)
    except RecordsUnavailable:
        raise
    except Exception as error:
        # Whatever is wrong with this job must not keep the others waiting.
        unreachable = isinstance(error, TrackingUnavailable)
        logger.warning("job %s is not recorded yet: %s", job.job_id, error, exc_info=not unreachable)
        shop.tally.add(Counted.POSTPONED)
        with shop.records.writing() as transaction:
            transaction.jobs.postpone_recording(job.job_id, shop.clock.now() + _AGAIN)
        return False
    with shop.records.writing() as transaction:
        transaction.jobs.mark_recorded(job.job_id, run_id, shop.clock.now())
    logger.info("job %s is recorded as run %s", job.job_id, run_id)
    shop.tally.add(Counted.RECORDED)
    return True


def _record(job: Job, shop: Workshop) -> str:
    run_id = open_run(job, shop)
    names = _worth_recording(shop.outputs.listing(job.job_id, job.attempt))
    with shop.outputs.fetch(job.job_id, job.attempt, names) as folder:
        Path(folder, "log.txt").write_text(shop.logs.tail(job.job_id, None), encoding="utf-8")
        shop.tracking.record(run_id, job, _submission_of(job, shop), folder)
    return run_id


def _submission_of(job: Job, shop: Workshop) -> Submission:
    with shop.records.reading() as transaction:
        submission = transaction.submissions.get(job.submission_id)
    if submission is None:
        raise LookupError(job.submission_id)
    return submission


def _worth_recording(files: Sequence[OutputFile]) -> list[str]:
    names, left = [], _MAX_ARTIFACT_BYTES
    for file in files:
        if file.name.startswith(_LEFT_OUT) or file.size > left:
            continue
        left -= file.size
        names.append(file.name)
    return names
