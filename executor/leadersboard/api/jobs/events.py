"""A job as it goes on, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from leadersboard.api.dependencies import LanguageDep, OwnJob, PlatformDep
from leadersboard.api.errors import documented_beside_a_stream
from leadersboard.api.jobs.endpoints import job_view
from leadersboard.bootstrap import Platform
from leadersboard.domain.job import Job

router = APIRouter(prefix="/jobs", tags=["jobs"])
# Without news the job is looked at this often: news can be lost.
_LOOK_SECONDS = 2.0


@router.get("/{job_id}/events", response_class=EventSourceResponse, responses=documented_beside_a_stream(401, 404))
async def get_events(job: OwnJob, platform: PlatformDep, language: LanguageDep) -> AsyncIterator[ServerSentEvent]:
    """Stream `status` and `log` events, beginning with what there is; `end` is the last and holds the final status."""
    position, shown = 0, ""
    async with platform.events.watch(job.job_id, _LOOK_SECONDS) as news:
        async for _ in news:
            # The job before the log: a job seen to be over has written all of its log.
            current = await asyncio.to_thread(_look, job.job_id, platform)
            text, position = await asyncio.to_thread(platform.logs.read_from, job.job_id, position)
            if text:
                yield ServerSentEvent(event="log", data={"text": text, "position": position})
            view = await asyncio.to_thread(job_view, current, platform, language)
            seen = view.model_dump_json(exclude={"updated_at"})
            if current.status.is_final:
                yield ServerSentEvent(event="end", data=view)
                return
            if seen != shown:
                shown = seen
                yield ServerSentEvent(event="status", data=view)


def _look(job_id: str, platform: Platform) -> Job:
    with platform.records.reading() as transaction:
        job = transaction.jobs.get(job_id)
    if job is None:
        raise LookupError(job_id)
    return job
