"""What organisers do to others' jobs and rows: each deed and its line in the log are one transaction."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass

from leadersboard.domain.errors import (
    InvalidReason,
    JobNotOver,
    NoRowToHide,
    ReasonTooLong,
    UnknownJob,
    UnknownSubmissionForJob,
)
from leadersboard.domain.job import Job, JobStatus
from leadersboard.ports.benchmarks import Benchmarks
from leadersboard.ports.boards import Deed, LogEntry
from leadersboard.ports.clock import Clock
from leadersboard.ports.queue import Queue, QueueUnavailable
from leadersboard.ports.records import Records, Transaction
from leadersboard.usecases.enqueue_job import JobRequest, JobRules, job_for

logger = logging.getLogger(__name__)
# The log keeps 500 characters, some of them for what is added to the reason.
REASON_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants something done to which job, and why."""

    who: str
    job_id: str
    reason: str = ""


def hide_row(order: Order, *, records: Records, clock: Clock) -> None:
    """Take the job's row off its board, with a reason that is kept; other rows move up.

    Raises:
        InvalidReason, UnknownJob, NoRowToHide
    """
    reason = plain_reason(order.reason)
    if not reason:
        raise InvalidReason(limit=REASON_LIMIT)
    with records.writing() as transaction:
        job = _job(order, transaction)
        if job.status is not JobStatus.COMPLETED or job.benchmark is None:
            raise NoRowToHide(job_id=job.job_id, status=job.status.value)
        transaction.boards.hide(job.job_id, reason)
        _note(order, Deed.HIDE, reason, transaction, clock)


def show_row(order: Order, *, records: Records, clock: Clock) -> None:
    """Put a hidden row back on its board; one that is not hidden stays as it is, and nothing is logged.

    Raises:
        ReasonTooLong, UnknownJob
    """
    reason = plain_reason(order.reason)
    with records.writing() as transaction:
        job = _job(order, transaction)
        if job.job_id in transaction.boards.hidden():
            transaction.boards.show(job.job_id)
            _note(order, Deed.SHOW, reason, transaction, clock)


async def run_again(
    order: Order,
    key: str | None,
    *,
    records: Records,
    queue: Queue,
    benchmarks: Benchmarks,
    clock: Clock,
    rules: JobRules,
) -> Job:
    """Return a new job of the same submission with the same config, in the same user's name and at nobody's cost.

    The same `key` from the same organiser for the same job gives the same new one.

    Raises:
        ReasonTooLong, UnknownJob, JobNotOver; and what a job is refused for whose benchmark or class is there no more.
    """
    job = await asyncio.to_thread(_write_run, order, key, records, benchmarks, clock, rules)
    try:
        await queue.wake()
    except QueueUnavailable as error:
        # The job is safe: workers look for pending jobs by themselves.
        logger.warning("no worker could be woken for job %s: %s", job.job_id, error)
    return job


def _write_run(
    order: Order, key: str | None, records: Records, benchmarks: Benchmarks, clock: Clock, rules: JobRules
) -> Job:
    reason = plain_reason(order.reason)
    with records.writing() as transaction:
        old = _job(order, transaction)
        # The key is kept among those of the job's user, who must not be able to have used it.
        kept = _kept_key(order, key) if key else None
        transaction.ledger.lock_user(old.user_id)
        known = transaction.jobs.with_key(old.user_id, kept) if kept else None
        if known is not None:
            return known
        if not old.status.is_final:
            raise JobNotOver(job_id=old.job_id, status=old.status.value)
        submission = transaction.submissions.get(old.submission_id)
        if submission is None:
            raise UnknownSubmissionForJob(submission_id=old.submission_id)
        request = JobRequest(old.user_id, old.submission_id, old.config, kept)
        job = job_for(request, submission, benchmarks, clock, rules)
        transaction.jobs.add(job)
        _note(order, Deed.RUN_AGAIN, f"{reason} → {job.job_id}" if reason else f"→ {job.job_id}", transaction, clock)
    return job


def _kept_key(order: Order, key: str) -> str:
    return "again-" + hashlib.sha256("\0".join((order.who, order.job_id, key)).encode()).hexdigest()


def _job(order: Order, transaction: Transaction) -> Job:
    job = transaction.jobs.get(order.job_id)
    if job is None:
        raise UnknownJob(job_id=order.job_id[:100])
    return job


def _note(order: Order, deed: Deed, reason: str, transaction: Transaction, clock: Clock) -> None:
    transaction.boards.note(LogEntry(clock.now(), order.who, deed, order.job_id, reason))


def plain_reason(reason: str) -> str:
    """Return the reason on one line.

    Raises:
        ReasonTooLong
    """
    plain = " ".join(reason.split())
    if len(plain) > REASON_LIMIT or not plain.isprintable():
        raise ReasonTooLong(limit=REASON_LIMIT)
    return plain
