"""Passes what only reads on to MLflow, for whoever is logged in to the hub."""

import asyncio
from typing import Annotated
from urllib.parse import quote

import httpx
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from leadersboard.api.browser.login import login_router
from leadersboard.api.browser.session import BrowserSession
from leadersboard.api.dependencies import Caller, PlatformDep, caller_of_hub
from leadersboard.api.mlflow_view.reading import asks_for_files, only_reads, run_named
from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import InvalidToken, MlflowUnavailable, ReadOnlyMlflow, UnknownRun

SERVICE = "mlflow"
PREFIX = f"/services/{SERVICE}"
# Searches over many runs take seconds.
_TIMES = httpx.Timeout(60, connect=5)
_SENT_ON = ("accept", "accept-encoding", "accept-language", "content-type", "if-none-match", "if-modified-since")
_SENT_BACK = ("content-type", "content-encoding", "content-disposition", "cache-control", "etag", "last-modified")
# A run's files are whatever submitted code has left; none of them may act in the name of who looks at it.
_FILE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
}

router = APIRouter(prefix=PREFIX, include_in_schema=False)
router.include_router(login_router(SERVICE))


async def get_viewer(request: Request, platform: PlatformDep) -> Caller:
    token = BrowserSession(request, SERVICE).token
    if token is None:
        raise InvalidToken
    return await caller_of_hub(token, platform, SERVICE)


ViewerDep = Annotated[Caller, Depends(get_viewer)]


@router.get("/")
async def get_start(request: Request, platform: PlatformDep) -> Response:
    """Show MLflow's page, after the login."""
    try:
        await get_viewer(request, platform)
    except InvalidToken:
        return RedirectResponse(f"{PREFIX}/hub-login?next={quote(PREFIX + '/')}", status_code=302)
    return await _ask("", request, platform)


@router.api_route("/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
async def pass_on(path: str, request: Request, viewer: ViewerDep, platform: PlatformDep) -> Response:
    """Answer with what MLflow answers to a request that only reads."""
    if not only_reads(request.method, path):
        raise ReadOnlyMlflow
    if asks_for_files(path):
        await _check_files(request, viewer, platform)
    return await _ask(path, request, platform)


async def _check_files(request: Request, viewer: Caller, platform: Platform) -> None:
    """See that a run's files are the viewer's own to read.

    Raises:
        UnknownRun
    """
    if viewer.is_organiser:
        return
    run_id = run_named(request.query_params)
    owner = None if run_id is None else await asyncio.to_thread(_owner, run_id, platform)
    if owner != viewer.user_id:
        raise UnknownRun


def _owner(run_id: str, platform: Platform) -> str | None:
    with platform.records.reading() as transaction:
        job = transaction.jobs.with_run(run_id)
    return None if job is None else job.user_id


async def _ask(path: str, request: Request, platform: Platform) -> Response:
    client: httpx.AsyncClient = request.app.state.mlflow_client
    url = httpx.URL(f"{platform.settings.mlflow_tracking_uri.rstrip('/')}/{quote(path)}")
    asked = client.build_request(
        request.method,
        url.copy_with(query=request.scope["query_string"]),
        # Neither cookies nor the origin: MLflow knows nobody, and answers its own origin only.
        headers={name: request.headers[name] for name in _SENT_ON if name in request.headers},
        content=await request.body() if request.method == "POST" else None,
        timeout=_TIMES,
    )
    try:
        answer = await client.send(asked, stream=True)
    except httpx.HTTPError as problem:
        raise MlflowUnavailable from problem
    headers = {name: answer.headers[name] for name in _SENT_BACK if name in answer.headers}
    if asks_for_files(path):
        headers |= _FILE_HEADERS
    headers["X-Content-Type-Options"] = "nosniff"
    closing = BackgroundTask(answer.aclose)
    return StreamingResponse(answer.aiter_raw(), answer.status_code, headers=headers, background=closing)
