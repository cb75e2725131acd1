"""GET of liveness and readiness."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
from fastapi import APIRouter, Response
from pydantic import BaseModel

from leadersboard.api.dependencies import PlatformDep
from leadersboard.bootstrap import Platform
from leadersboard.ports.monitoring import Mood, WorkerState
from leadersboard.ports.queue import QueueUnavailable
from leadersboard.ports.records import JobFilter, Page, RecordsUnavailable
from leadersboard.usecases.disk_space import free_bytes

router = APIRouter(tags=["health"])
# Whoever asks whether all is well does not want to wait for what is not.
_ASK_SECONDS = 3.0
_OK = "ok"
# A worker says every few seconds how it is; one that has missed so many times is not there.
_MISSED = 4
_AWAY = "does not answer"


class Alive(BaseModel):
    status: str


class Readiness(BaseModel):
    """`checks` says "ok" or what is wrong. Without Redis, MLflow or a worker jobs are still taken: they are caught up
    later."""

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
    answers = await asyncio.gather(*(_within_reason(_CHECKS[name](platform)) for name in names))
    checks = dict(zip(names, answers, strict=True))
    ready = all(checks[name] == _OK for name in ("database", "storage"))
    if not ready:
        response.status_code = 503
    return Readiness(ready=ready, checks=checks)


async def _within_reason(answer: Awaitable[str]) -> str:
    try:
        return await asyncio.wait_for(answer, _ASK_SECONDS)
    except TimeoutError:
        return f"{_AWAY} within {_ASK_SECONDS:g} s"


async def _database(platform: Platform) -> str:
    def ask() -> None:
        with platform.records.reading() as transaction:
            transaction.jobs.page(JobFilter(user_id=""), Page(limit=1))

    try:
        await asyncio.to_thread(ask)
    except RecordsUnavailable:
        return _AWAY
    return _OK


async def _redis(platform: Platform) -> str:
    try:
        await platform.queue.ping()
    except QueueUnavailable:
        return f"{_AWAY}; jobs start a few seconds later"
    return _OK


async def _mlflow(platform: Platform) -> str:
    try:
        async with httpx.AsyncClient(timeout=_ASK_SECONDS) as client:
            answer = await client.get(f"{platform.settings.mlflow_tracking_uri.rstrip('/')}/health")
    except httpx.HTTPError:
        return f"{_AWAY}; results are recorded there later"
    return _OK if answer.is_success else f"answers {answer.status_code}; results are recorded there later"


async def _storage(platform: Platform) -> str:
    free = await asyncio.to_thread(free_bytes, platform.settings.disks)
    return _OK if free >= platform.settings.min_free_bytes else f"only {free:,} bytes are free"


async def _workers(platform: Platform) -> str:
    def ask() -> list[WorkerState]:
        with platform.records.reading() as transaction:
            return list(transaction.workers.all())

    try:
        known = await asyncio.to_thread(ask)
    except RecordsUnavailable:
        return f"unknown: the database {_AWAY}"
    heard = platform.clock.now() - timedelta(seconds=_MISSED * platform.settings.reconcile_seconds)
    there = [worker.mood for worker in known if worker.seen_at > heard]
    if Mood.WORKING in there:
        return _OK
    if Mood.SHORT_OF_SPACE in there:
        return "short of disk space; jobs wait until there is room"
    return "none is heard of; jobs wait until one is"


_CHECKS: dict[str, Callable[[Platform], Awaitable[str]]] = {
    "database": _database,
    "redis": _redis,
    "mlflow": _mlflow,
    "storage": _storage,
    "workers": _workers,
}
