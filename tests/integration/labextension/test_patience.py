"""How long the API is waited for."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from jupyterlab_leadersboard.api import Api, Call, Patience
from jupyterlab_leadersboard.errors import ApiUnreachable

LITTLE = Patience(connect=0.3, read=0.3, upload=0.3, silence=0.3)
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: still here\n\n"


@pytest.fixture
def nobody_accepts() -> Iterator[str]:
    """An address whose queue of connections is full, as that of a machine that hangs."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_machine_that_hangs_is_away(nobody_accepts: str) -> None:
    async def ask() -> None:
        api = Api(nobody_accepts, "token", LITTLE)
        try:
            await api.json(Call("GET", "/whoami"))
        finally:
            await api.close()

    with pytest.raises(ApiUnreachable):
        asyncio.run(ask())


def test_an_api_that_takes_a_request_and_says_nothing_is_away() -> None:
    assert asyncio.run(_seen_of(b"", Call("GET", "/whoami"))) == b""


def test_a_stream_in_which_nothing_comes_any_more_ends() -> None:
    call = Call("GET", "/jobs/x/events", read_seconds=LITTLE.silence)
    assert asyncio.run(_seen_of(STREAM, call)) == b": still here\n\n"


async def _seen_of(said: bytes, call: Call) -> bytes:
    """Return what comes of a server that says `said` and then holds the line, until it is given up."""
    over = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        # Until the other end gives up.
        await reader.read()
        writer.close()
        over.set()

    seen = b""
    async with await asyncio.start_server(hold, "127.0.0.1", 0) as server:
        api = Api(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "token", LITTLE)
        with pytest.raises(ApiUnreachable):
            async with api.stream(call) as answer:
                async for chunk in answer.aiter_bytes():
                    seen += chunk
        await over.wait()
        await api.close()
    return seen
