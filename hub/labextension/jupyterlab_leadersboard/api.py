"""The one client of the LeadersBoard API. The token is known here and goes nowhere but to the API."""

import json
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from jupyterlab_leadersboard.errors import ApiRefused, ApiUnexpected, ApiUnreachable

MIB = 1024 * 1024
_ERROR_BYTES = 256 * 1024
_FIRST_OF_ERRORS = 400


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the API is waited for, in seconds.

    `silence` is for event streams, which may last for hours: the API sends a comment at least every 15 s, so a stream
    without a byte for three times as long has nobody at its other end.
    """

    connect: float = 4.5
    read: float = 30
    upload: float = 300
    silence: float = 45


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` begins with a slash and is percent-encoded; `language` is an Accept-Language header."""

    method: str
    path: str
    language: str = "en"
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] | None = None
    content: bytes | AsyncIterable[bytes] | None = None
    read_seconds: float | None = None


class Api:
    """Speaks to the API at `url`, as the owner of `token` where there is one."""

    def __init__(self, url: str, token: str, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._url = url.rstrip("/")
        headers = {"User-Agent": "jupyterlab-leadersboard", "Accept-Encoding": "identity"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._client = httpx.AsyncClient(
            headers=headers,
            # Neither proxies nor .netrc of the environment may see or replace the token.
            trust_env=False,
            follow_redirects=False,
            verify=ssl.create_default_context(),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    @asynccontextmanager
    async def stream(self, call: Call) -> AsyncIterator[httpx.Response]:
        """Give a successful answer with its body still to come; leaving the context ends the request.

        Raises:
            ApiRefused: the API answers with an error.
            ApiUnreachable: it does not answer, or stops doing so.
            ApiUnexpected: what answers is not the API.
        """
        headers = {"Accept-Language": call.language[:200], **(call.headers or {})}
        wait = self.patience
        timeout = httpx.Timeout(wait.read, connect=wait.connect, pool=wait.connect)
        if call.read_seconds is not None:
            timeout.read = call.read_seconds
        try:
            async with self._client.stream(
                call.method,
                self._url + call.path,
                params=list(call.query) or None,
                headers=headers,
                content=call.content,
                timeout=timeout,
            ) as answer:
                await _check(answer)
                yield answer
        except (httpx.TransportError, httpx.StreamError) as error:
            raise ApiUnreachable from error

    async def read(self, call: Call, limit_bytes: int = 16 * MIB) -> tuple[int, bytes]:
        """Return status and whole body of a successful answer.

        Raises:
            ValueError: the body is larger than `limit_bytes`. Otherwise as `stream`.
        """
        async with self.stream(call) as answer:
            return answer.status_code, await _whole(answer, limit_bytes)

    async def json(self, call: Call, limit_bytes: int = 16 * MIB) -> Any:
        """Return the parsed body of a successful answer.

        Raises:
            ApiUnexpected: it is not JSON, or too long to be an answer. Otherwise as `stream`.
        """
        try:
            _, body = await self.read(call, limit_bytes)
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ApiUnexpected from error

    async def close(self) -> None:
        await self._client.aclose()


async def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    if answer.status_code < _FIRST_OF_ERRORS:
        raise ApiUnexpected
    try:
        body = json.loads(await _whole(answer, _ERROR_BYTES))
    except (ValueError, RecursionError) as error:
        raise ApiUnexpected from error
    if not isinstance(body, dict) or "detail" not in body:
        raise ApiUnexpected
    raise ApiRefused(answer.status_code, body, answer.headers.get("Retry-After"))


async def _whole(answer: httpx.Response, limit_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > limit_bytes:
            raise ValueError(f"the answer is longer than {limit_bytes} bytes")
    return bytes(body)
