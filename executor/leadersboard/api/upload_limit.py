"""Stops reading a request body at a limit, while it comes in."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Room for the form's own text around the files.
_FORM_BYTES = 1024 * 1024


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
                limit = self._max_bytes - _FORM_BYTES
                raise HTTPException(
                    400,
                    f"All files together are larger than the limit of {limit:,} bytes. "
                    "Leave out what the run does not need.",
                )
            return message

        await self._app(scope, counted, send)
