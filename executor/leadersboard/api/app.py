"""The application: its routes, its errors, and the platform it speaks for."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.sessions import SessionMiddleware

from leadersboard.api import errors
from leadersboard.api.account.endpoints import router as account
from leadersboard.api.benchmarks.endpoints import router as benchmarks
from leadersboard.api.browser.login import login_router
from leadersboard.api.browser.prefix import SERVICE, ServicePrefix
from leadersboard.api.browser.session import COOKIE, COOKIE_PATH, MAX_AGE_SECONDS
from leadersboard.api.docs_page import router as docs_page
from leadersboard.api.health.endpoints import router as health
from leadersboard.api.jobs.endpoints import router as jobs
from leadersboard.api.jobs.events import router as job_events
from leadersboard.api.jobs.files import router as job_files
from leadersboard.api.jobs.gallery import router as galleries
from leadersboard.api.jobs.listing import router as job_lists
from leadersboard.api.leaderboard.endpoints import router as leaderboard
from leadersboard.api.metrics.endpoints import router as metrics
from leadersboard.api.metrics.latency import Latency, latencies
from leadersboard.api.mlflow_view.endpoints import PREFIX as MLFLOW_PREFIX
from leadersboard.api.mlflow_view.endpoints import router as mlflow_view
from leadersboard.api.notebooks.endpoints import router as notebooks
from leadersboard.api.organise.endpoints import router as organise
from leadersboard.api.plain_address import PlainAddress
from leadersboard.api.protection import ProtectiveHeaders
from leadersboard.api.submissions.endpoints import router as submissions
from leadersboard.api.templates.endpoints import router as templates
from leadersboard.api.upload_limit import UploadLimit
from leadersboard.bootstrap import build_boards, build_platform
from leadersboard.settings import Settings

_DESCRIPTION = """Submit a notebook or a script, have it run and scored, and see where it ranks.

Send the header `Authorization: Bearer TOKEN` with every request."""

_ROUTERS = (
    docs_page,
    submissions,
    notebooks,
    jobs,
    job_lists,
    job_events,
    job_files,
    galleries,
    benchmarks,
    templates,
    leaderboard,
    organise,
    account,
    health,
    metrics,
)


def create_app(settings: Settings) -> FastAPI:
    """Return the API for `settings`. Its platform is built when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings.home_path.mkdir(parents=True, exist_ok=True, mode=0o700)
        app.state.platform = build_platform(settings)
        app.state.boards = build_boards(app.state.platform)
        app.state.boards.start()
        async with httpx.AsyncClient() as app.state.mlflow_client:
            yield
        await asyncio.to_thread(app.state.boards.close)
        await app.state.platform.close()

    app = FastAPI(
        title="LeadersBoard",
        version=version("leadersboard"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.metrics = CollectorRegistry()
    app.add_middleware(Latency, histogram=latencies(app.state.metrics))
    app.add_middleware(PlainAddress)
    app.add_middleware(UploadLimit, max_bytes=settings.max_upload_bytes)
    errors.install(app)
    if settings.hub_api_url:
        _let_browsers_in(app, settings)
    _close_to_strangers(app, settings)
    for router in _ROUTERS:
        app.include_router(router)
    return app


def _close_to_strangers(app: FastAPI, settings: Settings) -> None:
    """Let pages of other origins ask only where a setting names them, with a token and never with a login."""
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Idempotency-Key", "Accept-Language"],
            expose_headers=["Retry-After"],
        )
    app.add_middleware(ProtectiveHeaders, passed_on=[f"{MLFLOW_PREFIX}/"])


def _let_browsers_in(app: FastAPI, settings: Settings) -> None:
    """Have the API answer below the hub's prefix as well, and know who is logged in to the hub."""
    app.add_middleware(
        SessionMiddleware,
        # Without a secret that is kept, logins last as long as this process.
        secret_key=settings.session_secret or secrets.token_urlsafe(32),
        session_cookie=COOKIE,
        path=COOKIE_PATH,
        max_age=MAX_AGE_SECONDS,
        same_site="lax",
        https_only=settings.hub_public_url.startswith("https://"),
    )
    app.add_middleware(ServicePrefix)
    app.include_router(login_router(SERVICE))
    app.include_router(mlflow_view)
