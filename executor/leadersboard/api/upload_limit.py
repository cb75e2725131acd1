"""Stops reading a request body at a limit, while it comes in."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leadersboard.domain.errors import LeadersBoardError, UploadTooLarge

# Room for the form's own text around the files.
_FORM_BYTES = 1024 * 1024


class Refused(HTTPException):
    """A refusal from within the reading of a body, where only HTTP's own exceptions get through."""

    def __init__(self, error: LeadersBoardError) -> None:
        self.error = error
        super().__init__(400, str(error))


class UploadLimit:
    """ASGI middleware: no body is read further than `max_bytes` and what a form adds."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes + _FORM_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        left = self._max_bytes

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise Refused(UploadTooLarge(limit_bytes=self._max_bytes - _FORM_BYTES))
            return message

        await self._app(scope, counted, send)
