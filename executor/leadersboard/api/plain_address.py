"""Refuses addresses with the character NUL in them: nothing here has such a name, and PostgreSQL cannot be asked for it."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class PlainAddress:
    """ASGI middleware: 400 where the path or the query holds a NUL."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and ("\x00" in scope["path"] or b"%00" in scope["query_string"]):
            detail = "The request cannot be read. Its address holds the character NUL."
            refusal = JSONResponse({"detail": detail, "code": "invalid_request"}, 400)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
