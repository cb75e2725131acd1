"""Headers that every answer carries: what a browser may do with it, and who may keep it."""

from collections.abc import Iterable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Answers are data: nothing in them is to run, load or be sent anywhere.
_DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
# Pages of others that are passed on know best what they load.
_PASSED_ON = "frame-ancestors 'self'"
_USUAL: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

# For an answer that is sent from outside all middleware.
OF_DATA: Mapping[str, str] = {**_USUAL, "Content-Security-Policy": _DATA}


class ProtectiveHeaders:
    """ASGI middleware: adds what an answer does not say itself. Below `passed_on` lie pages of others."""

    def __init__(self, app: ASGIApp, passed_on: Iterable[str] = ()) -> None:
        self._app = app
        self._passed_on = tuple(passed_on)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = _PASSED_ON if scope["path"].startswith(self._passed_on) else _DATA

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_USUAL, "Content-Security-Policy": policy}.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, protected)
