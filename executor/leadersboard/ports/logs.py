"""The log of each job, readable while it is written."""

from typing import Protocol


class Logs(Protocol):
    """Text a job printed, by attempt: a stale worker writes to its own attempt and spoils nothing."""

    def append(self, job_id: str, attempt: int, text: str) -> None: ...

    def size(self, job_id: str) -> int:
        """Return how large the logs of all attempts are, in bytes."""
        ...

    def remove(self, job_id: str) -> None:
        """Remove the logs of all attempts, if there are any."""
        ...

    def tail(self, job_id: str, lines: int | None) -> str:
        """Return the last `lines` lines over all attempts, everything if None; empty before the first line."""
        ...

    def read_from(self, job_id: str, position: int) -> tuple[str, int]:
        """Return what was written after `position` (a count of bytes over all attempts) and the new position."""
        ...
