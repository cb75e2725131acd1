"""What the page reads of the API and asks of it, passed on as it comes."""

import asyncio
from typing import Any

import httpx
from jupyter_server.auth.decorator import authorized
from tornado import web
from tornado.iostream import IOStream, StreamClosedError

from jupyterlab_leadersboard.errors import ApiUnexpected, ApiUnreachable, InvalidRequest, NoSuchRoute
from jupyterlab_leadersboard.handler import LeadersBoardHandler
from jupyterlab_leadersboard.routes import Kind, Target, file_url, passed_on, readable, writable

_KEPT = ("Content-Type", "Content-Disposition", "Content-Security-Policy")
# Submitted code wrote what some of these answers hold: where the API says nothing, a browser may run nothing of it.
_HARMLESS = "sandbox; default-src 'none'"
_KEY_CHARACTERS = 200


class ApiHandler(LeadersBoardHandler):
    """`api/...`: the allowed paths of the API."""

    # A panel that looks by itself is no sign of a user: an idle server may still be culled.
    _track_activity = False

    _relay: "asyncio.Task[None] | None" = None
    _page_is_gone = False

    @web.authenticated
    @authorized
    async def get(self, _: str) -> None:
        target = readable(self._asked())
        if target is None:
            raise NoSuchRoute
        if target.kind is Kind.LISTING:
            await self._list(target)
            return
        self._relay = asyncio.create_task(self._pass_on(target))
        try:
            await self._relay
        except asyncio.CancelledError:
            if not self._page_is_gone:
                raise
            self._break_off()

    @web.authenticated
    @authorized
    async def post(self, _: str) -> None:
        target = writable(self._asked())
        if target is None:
            raise NoSuchRoute
        headers = {"Content-Type": "application/json"}
        key = self.request.headers.get("Idempotency-Key")
        if key is not None:
            headers["Idempotency-Key"] = checked_key(key)
        content = self.request.body
        if content:
            self.json_object()
        call = self.call("POST", target.path, query=passed_on(self.request.query), headers=headers, content=content)
        try:
            status, body = await self.api.read(call)
        except ValueError as error:
            raise ApiUnexpected from error
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(body)

    def on_connection_close(self) -> None:
        """End the request to the API with the page's."""
        self._page_is_gone = True
        if self._relay is not None:
            self._relay.cancel()

    def _break_off(self) -> None:
        stream: IOStream | None = self.detach()
        # None where the page broke off itself.
        if stream is not None:
            stream.close()

    def _asked(self) -> str:
        # As it was sent: the argument of the method has been decoded, and an encoded slash can no longer be told.
        prefix = f"{self.base_url}leadersboard/api/"
        path: str = self.request.path
        return path.removeprefix(prefix) if path.startswith(prefix) else ""

    async def _pass_on(self, target: Target) -> None:
        silence = self.api.patience.silence if target.kind is Kind.EVENTS else None
        call = self.call("GET", target.path, query=passed_on(self.request.query), read_seconds=silence)
        started = False
        try:
            async with self.api.stream(call) as answer:
                self._head(answer, target)
                started = True
                await self.flush()
                async for chunk in answer.aiter_bytes():
                    self.write(chunk)
                    # Waits until the browser has taken it: no more than a chunk is held.
                    await self.flush()
        except (ApiUnreachable, StreamClosedError) as error:
            if not started:
                raise
            # The page must see that this was not all of it, so the answer is broken off rather than ended.
            self.log.warning("an answer of LeadersBoard broke off: %r", error.__cause__ or error)
            self._break_off()
            return
        self.finish()

    def _head(self, answer: httpx.Response, target: Target) -> None:
        self.set_status(answer.status_code)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", _HARMLESS)
        for name in _KEPT:
            if name in answer.headers:
                self.set_header(name, answer.headers[name])
        if "Content-Length" in answer.headers and "Content-Encoding" not in answer.headers:
            self.set_header("Content-Length", answer.headers["Content-Length"])
        if target.kind is Kind.EVENTS:
            # For proxies in between that would collect it.
            self.set_header("X-Accel-Buffering", "no")

    async def _list(self, target: Target) -> None:
        body = await self.api.json(self.call("GET", target.path, query=passed_on(self.request.query)))
        if not isinstance(body, dict):
            raise ApiUnexpected
        for entries in body.values():
            for entry in entries if isinstance(entries, list) else ():
                self._point_here(entry, target.job_id)
        self.answer(body)

    def _point_here(self, entry: Any, job_id: str) -> None:
        # The address that the API knows of itself is one that browsers need not reach.
        name = entry.get("name", entry.get("filename")) if isinstance(entry, dict) else None
        if not isinstance(name, str):
            raise ApiUnexpected
        entry["url"] = file_url(self.base_url, job_id, name)


def checked_key(key: str) -> str:
    """Return an idempotency key that can be sent as a header.

    Raises:
        InvalidRequest
    """
    if not (0 < len(key) <= _KEY_CHARACTERS and key.isascii() and key.isprintable()):
        raise InvalidRequest(problem=f"an idempotency key has 1 to {_KEY_CHARACTERS} printable ASCII characters")
    return key
