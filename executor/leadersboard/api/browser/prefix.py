"""The hub passes requests on with the service's path in front of them."""

from starlette.types import ASGIApp, Receive, Scope, Send

# Where the hub serves the API; the service's name is the hub's and the design's.
SERVICE = "leadersboard"
PREFIX = f"/services/{SERVICE}"


class ServicePrefix:
    """ASGI middleware: the API answers at its own root and below the hub's prefix alike."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and scope["path"].startswith(f"{PREFIX}/"):
            # Routing takes the root path off the path; addresses in answers get it in front.
            scope = {**scope, "root_path": scope.get("root_path", "") + PREFIX}
        await self._app(scope, receive, send)
