"""What organisers see of everybody, and what they do to others' jobs and rows. Nobody else may."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from leadersboard.api.dependencies import Caller, CallerDep, IdempotencyKey, LanguageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.jobs.schemas import JobView, Queued
from leadersboard.api.organise.overview import overview_of
from leadersboard.api.organise.schemas import LogLine, OrderBody, OrganiserLog, Overview, RowState
from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import NotAllowed
from leadersboard.usecases.cancel_job import cancel_job
from leadersboard.usecases.organise import Order, hide_row, run_again, show_row

router = APIRouter(prefix="/organise", tags=["organise"])
_MAX_BODY_BYTES = 64 * 1024


async def get_organiser(caller: CallerDep) -> Caller:
    """Return the caller, who organises.

    Raises:
        NotAllowed
    """
    if not caller.is_organiser:
        raise NotAllowed
    return caller


OrganiserDep = Annotated[Caller, Depends(get_organiser)]


@router.get("/overview", responses=documented(401, 403))
def get_overview(organiser: OrganiserDep, platform: PlatformDep) -> Overview:
    """Say how the queue, the workers, recent runs and participants are."""
    return overview_of(platform)


@router.get("/log", responses=documented(401, 403))
def get_log(
    organiser: OrganiserDep, platform: PlatformDep, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> OrganiserLog:
    """Say which organiser did what, when and why; the newest first."""
    with platform.records.reading() as transaction:
        entries = transaction.boards.log(limit)
    items = [LogLine(at=one.at, who=one.who, deed=one.deed, job_id=one.job_id, reason=one.reason) for one in entries]
    return OrganiserLog(items=items)


@router.post("/jobs/{job_id}/hide", max_body_size=_MAX_BODY_BYTES, responses=documented(401, 403, 404, 409, 413))
def post_hide(job_id: str, body: OrderBody, organiser: OrganiserDep, platform: PlatformDep) -> RowState:
    """Take a job's row off its board. Its user still sees the run."""
    hide_row(Order(organiser.user_id, job_id, body.reason), records=platform.records, clock=platform.clock)
    return _row_state(job_id, platform)


@router.post("/jobs/{job_id}/show", max_body_size=_MAX_BODY_BYTES, responses=documented(401, 403, 404, 413))
def post_show(job_id: str, organiser: OrganiserDep, platform: PlatformDep, body: OrderBody | None = None) -> RowState:
    """Put a hidden row back on its board."""
    reason = body.reason if body else ""
    show_row(Order(organiser.user_id, job_id, reason), records=platform.records, clock=platform.clock)
    return _row_state(job_id, platform)


@router.post(
    "/jobs/{job_id}/cancel",
    status_code=202,
    max_body_size=_MAX_BODY_BYTES,
    responses={200: {"model": JobView}, **documented(401, 403, 404, 413)},
)
async def post_cancel(
    job_id: str,
    organiser: OrganiserDep,
    platform: PlatformDep,
    language: LanguageDep,
    response: Response,
    body: OrderBody | None = None,
) -> JobView:
    """Cancel anybody's job, as `POST /jobs/{job_id}/cancel` does, with a reason for the log."""
    job = await cancel_job(
        job_id,
        organiser.user_id,
        sees_all=True,
        records=platform.records,
        events=platform.events,
        clock=platform.clock,
        reason=body.reason if body else "",
    )
    if job.status.is_final:
        response.status_code = 200
    return JobView.of(job, language)


@router.post(
    "/jobs/{job_id}/run-again",
    status_code=202,
    max_body_size=_MAX_BODY_BYTES,
    responses=documented(401, 403, 404, 409, 413),
)
async def post_run_again(
    job_id: str,
    organiser: OrganiserDep,
    platform: PlatformDep,
    idempotency_key: IdempotencyKey = None,
    body: OrderBody | None = None,
) -> Queued:
    """Have the job's submission run once more, in its user's name; it costs nobody anything."""
    job = await run_again(
        Order(organiser.user_id, job_id, body.reason if body else ""),
        idempotency_key,
        records=platform.records,
        queue=platform.queue,
        benchmarks=platform.benchmarks,
        clock=platform.clock,
        rules=platform.job_rules,
    )
    return Queued(job_id=job.job_id, submission_id=job.submission_id, status=job.status)


def _row_state(job_id: str, platform: Platform) -> RowState:
    with platform.records.reading() as transaction:
        reason = transaction.boards.hidden().get(job_id)
    return RowState(job_id=job_id, hidden=reason is not None, reason=reason)
