"""Follows a job to its end: by its stream of events, or by asking where that does not come through."""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from leadersboard.answers import Event, JobView
from leadersboard.client import Client, PlatformUnreachable, Refused

_T = TypeVar("_T")

_ASK_EVERY_SECONDS = 1.0
# The API may be restarted meanwhile, and a job outlives that.
_UNREACHABLE_SECONDS = 60.0


def watch(client: Client, job_id: str) -> Iterator[JobView]:
    """Yield the job whenever something about it has changed, its end last.

    Raises:
        Refused, PlatformUnreachable: the latter only where the platform stays away for a minute.
    """
    for event in _stream(client, job_id):
        if event.name in ("status", "end"):
            job = JobView.of(event.data)
            yield job
            if event.name == "end" or job.is_final:
                return
    while True:
        job = _patiently(lambda: client.job(job_id))
        yield job
        if job.is_final:
            return
        time.sleep(_ASK_EVERY_SECONDS)


def follow_log(client: Client, job_id: str) -> Iterator[str]:
    """Yield the job's log in pieces as it is written, from its beginning to the job's end."""
    seen = ""
    for event in _stream(client, job_id):
        if event.name == "log":
            seen += str(event.data.get("text", ""))
            yield str(event.data.get("text", ""))
        if event.name == "end":
            return
    while True:
        final = _patiently(lambda: client.job(job_id)).is_final
        text = _patiently(lambda: client.logs(job_id))
        if len(text) > len(seen):
            yield text[len(seen) :]
            seen = text
        if final:
            return
        time.sleep(_ASK_EVERY_SECONDS)


def _stream(client: Client, job_id: str) -> Iterator[Event]:
    """Yield events as long as they come; that the stream breaks is no error, since one can ask instead."""
    try:
        yield from client.events(job_id)
    except PlatformUnreachable:
        return
    except Refused as refusal:
        # Proxies answer a stream they cannot carry with a status of their own.
        if refusal.code:
            raise


def _patiently(ask: Callable[[], _T]) -> _T:
    begun = time.monotonic()
    while True:
        try:
            return ask()
        except PlatformUnreachable:
            if time.monotonic() - begun > _UNREACHABLE_SECONDS:
                raise
            time.sleep(_ASK_EVERY_SECONDS)
