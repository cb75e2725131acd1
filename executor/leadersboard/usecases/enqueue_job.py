"""Turns a submission into a job that waits for a worker."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.errors import (
    IdempotencyKeyReused,
    InvalidConfig,
    ParametersForScript,
    UnknownBenchmark,
    UnknownSubmissionForJob,
)
from leadersboard.domain.job import Job
from leadersboard.domain.parameters import check_parameters
from leadersboard.domain.plain_json import flaw_in
from leadersboard.domain.quota import Quota, check_running
from leadersboard.domain.resources import ResourceClass, resource_class
from leadersboard.domain.submission import Entry, Submission
from leadersboard.ports.benchmarks import Benchmarks
from leadersboard.ports.clock import Clock
from leadersboard.ports.queue import Queue, QueueUnavailable
from leadersboard.ports.records import Records, Transaction
from leadersboard.usecases.charges import charge_anew

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a user asks for. `sees_all` lets an organiser run anybody's submission."""

    user_id: str
    submission_id: str
    config: Mapping[str, Any] = field(default_factory=dict)
    idempotency_key: str | None = None
    sees_all: bool = False


@dataclass(frozen=True, slots=True)
class JobRules:
    """What jobs go by on this installation."""

    quota: Quota
    resource_classes: Mapping[str, ResourceClass]
    default_benchmark: str
    max_attempts: int


async def enqueue_job(
    request: JobRequest, *, records: Records, queue: Queue, benchmarks: Benchmarks, clock: Clock, rules: JobRules
) -> Job:
    """Return the job, which is in the records, and wake a worker for it.

    Raises:
        LeadersBoardError: the request cannot be met; nothing has changed.
    """
    flaw = flaw_in(dict(request.config))
    if flaw is not None:
        raise InvalidConfig(problem=flaw)
    job = await asyncio.to_thread(_write_job, request, records, benchmarks, clock, rules)
    logger.info(
        "job %s of submission %s waits for a worker", job.job_id, job.submission_id, extra={"user": job.user_id}
    )
    try:
        await queue.wake()
    except QueueUnavailable as error:
        # The job is safe: workers look for pending jobs by themselves.
        logger.warning("no worker could be woken for job %s: %s", job.job_id, error)
    return job


def _write_job(request: JobRequest, records: Records, benchmarks: Benchmarks, clock: Clock, rules: JobRules) -> Job:
    with records.writing() as transaction:
        transaction.ledger.lock_user(request.user_id)
        known = _known(request, transaction)
        if known is not None:
            return known
        submission = transaction.submissions.get(request.submission_id)
        if submission is None or not (request.sees_all or submission.user_id == request.user_id):
            raise UnknownSubmissionForJob(submission_id=request.submission_id[:100])
        job = _job(request, submission, benchmarks, clock, rules)
        check_running(rules.quota, transaction.jobs.running_count(request.user_id))
        if submission.user_id == request.user_id:
            charge_anew(submission, transaction, job.created_at, rules.quota)
        transaction.jobs.add(job)
    return job


def _known(request: JobRequest, transaction: Transaction) -> Job | None:
    if request.idempotency_key is None:
        return None
    known = transaction.jobs.with_key(request.user_id, request.idempotency_key)
    same = known is None or (known.submission_id == request.submission_id and known.config == request.config)
    if not same:
        raise IdempotencyKeyReused(key=request.idempotency_key)
    return known


def _job(request: JobRequest, submission: Submission, benchmarks: Benchmarks, clock: Clock, rules: JobRules) -> Job:
    benchmark = _benchmark(request.config, submission, benchmarks, rules)
    name = request.config.get("resource_class") or (benchmark.default_resource_class if benchmark else "small")
    now = clock.now()
    return Job(
        job_id=uuid4().hex,
        submission_id=submission.submission_id,
        user_id=request.user_id,
        resource_class=resource_class(str(name), rules.resource_classes).name,
        created_at=now,
        updated_at=now,
        benchmark=benchmark.slug if benchmark else None,
        benchmark_version=benchmark.version if benchmark else None,
        parameters=_parameters(request.config, submission),
        config=dict(request.config),
        max_attempts=rules.max_attempts,
        idempotency_key=request.idempotency_key,
    )


def _benchmark(
    config: Mapping[str, Any], submission: Submission, benchmarks: Benchmarks, rules: JobRules
) -> Benchmark | None:
    named = config.get("benchmark") or submission.metadata.get("benchmark")
    slug = str(named or rules.default_benchmark)
    if not slug:
        return None
    found = benchmarks.get(slug)
    # A default that is not installed means that jobs run without a benchmark; one that was asked for must be there.
    if found is None and named:
        known = ", ".join(one.slug for one in benchmarks.all()) or "none"
        raise UnknownBenchmark(slug=slug[:100], known=known)
    return found


def _parameters(config: Mapping[str, Any], submission: Submission) -> dict[str, Any]:
    given = config.get("parameters") or {}
    if not isinstance(given, Mapping):
        raise InvalidConfig(problem="'parameters' in it is not an object")
    if not given:
        return {}
    if submission.entry is Entry.SCRIPT:
        raise ParametersForScript(config_file=submission.config_file)
    return check_parameters(given, submission.parameters, submission.entrypoint)
