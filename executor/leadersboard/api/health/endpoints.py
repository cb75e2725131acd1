"""GET of liveness and readiness."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable

import httpx
from fastapi import APIRouter, Response
from pydantic import BaseModel

from leadersboard.api.dependencies import PlatformDep
from leadersboard.bootstrap import Platform
from leadersboard.ports.queue import QueueUnavailable
from leadersboard.ports.records import JobFilter, Page, RecordsUnavailable

router = APIRouter(tags=["health"])
_ASK_SECONDS = 3.0
_OK = "ok"


class Alive(BaseModel):
    status: str


class Readiness(BaseModel):
    """`checks` says "ok" or what is wrong. Without Redis or MLflow jobs are still taken: they are caught up later."""

    ready: bool
    checks: dict[str, str]


@router.get("/healthz")
async def get_healthz() -> Alive:
    """Say that the API's process answers."""
    return Alive(status=_OK)


@router.get("/readyz", responses={503: {"model": Readiness}})
async def get_readyz(platform: PlatformDep, response: Response) -> Readiness:
    """Say whether everything that submissions need is there; 503 where it is not."""
    names = list(_CHECKS)
    answers = await asyncio.gather(*(_CHECKS[name](platform) for name in names))
    checks = dict(zip(names, answers, strict=True))
    ready = all(checks[name] == _OK for name in ("database", "storage"))
    if not ready:
        response.status_code = 503
    return Readiness(ready=ready, checks=checks)


async def _database(platform: Platform) -> str:
    def ask() -> None:
        with platform.records.reading() as transaction:
            transaction.jobs.page(JobFilter(user_id=""), Page(limit=1))

    try:
        await asyncio.to_thread(ask)
    except RecordsUnavailable:
        return "does not answer"
    return _OK


async def _redis(platform: Platform) -> str:
    try:
        await platform.queue.ping()
    except QueueUnavailable:
        return "does not answer; jobs start a few seconds later"
    return _OK


async def _mlflow(platform: Platform) -> str:
    try:
        async with httpx.AsyncClient(timeout=_ASK_SECONDS) as client:
            answer = await client.get(f"{platform.settings.mlflow_tracking_uri.rstrip('/')}/health")
    except httpx.HTTPError:
        return "does not answer; results are recorded there later"
    return _OK if answer.is_success else f"answers {answer.status_code}"


async def _storage(platform: Platform) -> str:
    free = shutil.disk_usage(platform.settings.home_path).free
    return _OK if free >= platform.settings.min_free_bytes else f"only {free:,} bytes are free"


_CHECKS: dict[str, Callable[[Platform], Awaitable[str]]] = {
    "database": _database,
    "redis": _redis,
    "mlflow": _mlflow,
    "storage": _storage,
}
