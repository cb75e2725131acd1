"""Login by the hub (OAuth 2 with PKCE), for any service of it that this process serves."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from leadersboard.api.browser.session import BrowserSession
from leadersboard.api.dependencies import PlatformDep
from leadersboard.api.errors import documented
from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import LoginNotFinished, NoHub
from leadersboard.ports.identities import Identities

NextUrl = Annotated[str, Query(alias="next", max_length=2000, description="Where to go on, on this host.")]
State = Annotated[str, Query(max_length=200)]
Code = Annotated[str, Query(max_length=2000)]


def login_router(service: str) -> APIRouter:
    """Return the routes by which browsers log in to `service`, which lies at /services/SERVICE/ behind the hub."""
    router = APIRouter(tags=["account"])
    home = f"/services/{service}/"

    @router.get("/hub-login", response_class=RedirectResponse, status_code=302, responses=documented(404))
    async def get_hub_login(request: Request, platform: PlatformDep, next_url: NextUrl = home) -> RedirectResponse:
        """Send a browser to the hub to log in; it comes back to `next`."""
        start = _identities(platform, service).start_login()
        BrowserSession(request, service).begin(start, _on_this_host(next_url) or home)
        return RedirectResponse(start.url, status_code=302)

    @router.get("/oauth_callback", response_class=RedirectResponse, status_code=302, responses=documented(404))
    async def get_oauth_callback(
        request: Request, platform: PlatformDep, state: State = "", code: Code = ""
    ) -> RedirectResponse:
        """Take a browser back from the hub."""
        session = BrowserSession(request, service)
        begun = session.returned(state)
        if begun is None:
            raise LoginNotFinished
        verifier, next_url = begun
        session.finish(await _identities(platform, service).token_for(code, verifier))
        return RedirectResponse(next_url, status_code=302)

    @router.get("/hub-logout", response_class=RedirectResponse, status_code=302)
    async def get_hub_logout(request: Request) -> RedirectResponse:
        """Forget a browser's login here, and go on to the hub's own logout."""
        BrowserSession(request, service).end()
        return RedirectResponse("/hub/logout", status_code=302)

    return router


def _identities(platform: Platform, service: str) -> Identities:
    found = platform.identities.get(service)
    if found is None:
        raise NoHub
    return found


def _on_this_host(url: str) -> str | None:
    """Return `url` if a browser that follows it stays on this host."""
    parts = urlsplit(url)
    stays = url.startswith("/") and not url.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return url if stays and "\\" not in url and url.isprintable() else None
