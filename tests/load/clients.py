"""Clients that ask as fast as they are answered, each over a connection of its own that is kept open."""

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to be sent."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of many calls: the seconds of each, the seconds of all together, and the answers."""

    latencies: Sequence[float]
    seconds: float
    answers: Sequence[bytes]


class UnexpectedAnswer(Exception):
    """A call was refused, so that its time would mean nothing."""


def send_all(url: str, calls: Sequence[Call]) -> Burst:
    """Send `calls` with 8 clients at once and wait for all answers.

    The standard library's client takes a tenth of the processor time that richer ones do, and the server needs it.

    Raises:
        UnexpectedAnswer
    """
    shares = [share for share in (calls[number::CLIENTS] for number in range(CLIENTS)) if share]
    start = threading.Barrier(len(shares) + 1)
    with ThreadPoolExecutor(len(shares)) as pool:
        sending = [pool.submit(_send, url, share, start) for share in shares]
        start.wait()
        begun = time.perf_counter()
        done = [pair for one in sending for pair in one.result()]
        seconds = time.perf_counter() - begun
    return Burst([latency for latency, _ in done], seconds, [answer for _, answer in done])


def _send(url: str, calls: Sequence[Call], start: threading.Barrier) -> list[tuple[float, bytes]]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.connect()
    start.wait()
    done = []
    try:
        for call in calls:
            begun = time.perf_counter()
            connection.request(call.method, call.path, call.body, dict(call.headers))
            answer = connection.getresponse()
            body = answer.read()
            done.append((time.perf_counter() - begun, body))
            if answer.status >= 300:
                raise UnexpectedAnswer(f"{call.method} {call.path}: {answer.status} {body[:300]!r}")
    finally:
        connection.close()
    return done
