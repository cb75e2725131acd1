"""POST of jobs, their status, logs and results, and cancel."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Response

from leadersboard.api.dependencies import CallerDep, IdempotencyKey, LanguageDep, OwnJob, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.jobs.schemas import JobRequestBody, JobView, LogsView, Queued, ResultsView
from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import Language, NoResultsYet
from leadersboard.domain.job import Job, JobStatus
from leadersboard.domain.ranking import rank_entries
from leadersboard.ports.records import Outlook
from leadersboard.usecases.cancel_job import cancel_job
from leadersboard.usecases.enqueue_job import JobRequest, enqueue_job

router = APIRouter(prefix="/jobs", tags=["jobs"])
_MAX_BODY_BYTES = 1024 * 1024


@router.post("", status_code=202, max_body_size=_MAX_BODY_BYTES, responses=documented(401, 403, 409, 413, 429))
async def post_job(
    body: JobRequestBody, caller: CallerDep, platform: PlatformDep, idempotency_key: IdempotencyKey = None
) -> Queued:
    """Have a submission run."""
    request = JobRequest(caller.user_id, body.submission_id, body.config, idempotency_key, caller.is_organiser)
    job = await enqueue_job(
        request,
        records=platform.records,
        queue=platform.queue,
        benchmarks=platform.benchmarks,
        clock=platform.clock,
        rules=platform.job_rules,
    )
    return Queued(job_id=job.job_id, submission_id=job.submission_id, status=job.status)


@router.get("/{job_id}/status", responses=documented(401, 404))
async def get_status(job: OwnJob, platform: PlatformDep, language: LanguageDep) -> JobView:
    """Say how a job stands: its stage and cell while it runs, its place in the queue before, its failure after."""
    if job.status is not JobStatus.PENDING:
        return JobView.of(job, language)
    return await asyncio.to_thread(job_view, job, platform, language)


def job_view(job: Job, platform: Platform, language: Language) -> JobView:
    """Return the job as it is answered, with its place in the queue while it waits."""
    if job.status is not JobStatus.PENDING:
        return JobView.of(job, language)
    with platform.records.reading() as transaction:
        return JobView.of(job, language, transaction.jobs.queue_state(job, outlook_of(job, platform)))


def outlook_of(job: Job, platform: Platform) -> Outlook:
    """Return where the queue is looked at from: workers are taken to serve what this installation's setting says."""
    settings = platform.settings
    served = settings.served_classes
    classes = served if job.resource_class in served else (job.resource_class,)
    return Outlook(platform.clock.now(), classes, settings.max_concurrent_running)


@router.get("/{job_id}/logs", responses=documented(401, 404))
def get_logs(
    job: OwnJob,
    platform: PlatformDep,
    tail_lines: Annotated[int | None, Query(ge=1, le=1_000_000, description="Only the last so many lines.")] = None,
) -> LogsView:
    """Return what a job has printed up to now; empty before the first line."""
    return LogsView(job_id=job.job_id, logs=platform.logs.tail(job.job_id, tail_lines))


@router.get("/{job_id}/results", responses=documented(401, 404))
def get_results(job: OwnJob, platform: PlatformDep) -> ResultsView:
    """Return what a completed job is worth, its rank, and where MLflow shows it."""
    if job.result is None:
        raise NoResultsYet(job_id=job.job_id, status=job.status.value)
    links = None if job.run_id is None else platform.tracking.links(job.run_id)
    result = job.result
    with platform.records.reading() as transaction:
        (sealed,) = transaction.results.sealed(job_id=job.job_id)
    return ResultsView(
        job_id=job.job_id,
        run_id=job.run_id,
        mlflow_ui_link=links.ui if links else None,
        mlflow_rest_link=links.rest if links else None,
        benchmark=job.benchmark,
        verified=sealed.defect is None,
        rank=_rank(job, platform),
        metrics=dict(result.scored),
        intervals={name: list(bounds) for name, bounds in result.intervals.items()},
        by_category={name: dict(values) for name, values in result.by_category.items()},
        reported_metrics=dict(result.reported),
        reported_params=dict(result.reported_params),
    )


def _rank(job: Job, platform: Platform) -> int | None:
    benchmark = platform.benchmarks.get(job.benchmark) if job.benchmark else None
    if benchmark is None or job.benchmark_version != benchmark.version:
        return None
    with platform.records.reading() as transaction:
        entries = transaction.jobs.board(benchmark.slug, benchmark.version)
    return next((row.rank for row in rank_entries(entries, benchmark) if row.entry.job_id == job.job_id), None)


@router.post("/{job_id}/cancel", status_code=202, responses={200: {"model": JobView}, **documented(401, 403, 404)})
async def post_cancel(
    job_id: str, caller: CallerDep, platform: PlatformDep, language: LanguageDep, response: Response
) -> JobView:
    """Cancel a job. It is 'cancelled' once its processes are gone; 200 says that it had ended already."""
    job = await cancel_job(
        job_id,
        caller.user_id,
        caller.is_organiser,
        records=platform.records,
        events=platform.events,
        clock=platform.clock,
    )
    if job.status.is_final:
        response.status_code = 200
    return JobView.of(job, language)
