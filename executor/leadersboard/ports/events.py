"""News of jobs, for whoever is watching. They are hints: the records and the log are the truth."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Events(Protocol):
    """Says that something about a job has changed."""

    async def publish(self, job_id: str) -> None:
        """Tell the watchers of `job_id`; lost without harm where nobody can be reached."""
        ...

    def watch(self, job_id: str, every_seconds: float) -> AbstractAsyncContextManager[AsyncIterator[None]]:
        """Yield whenever the job has changed, and at least once in `every_seconds`."""
        ...
