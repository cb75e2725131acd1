"""Runs as the tracking server holds them, asked for in parts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TrackedRun:
    """An ended run: of which job it says it is, when it ended, its metrics."""

    run_id: str
    job_id: str | None
    ended_at: datetime
    metrics: Mapping[str, float]


class Statistics(Protocol):
    """What the database behind the tracking server knows of its own contents, to plan searches by."""

    def refresh(self) -> bool:
        """Have it look again; return whether it has, or need not. Whoever is told no tries again later."""
        ...


class Runs(Protocol):
    """Searches that the tracking server filters, orders and pages.

    Raises:
        TrackingUnavailable: from both.
    """

    def ended_since(self, benchmark: str, since: datetime, limit: int) -> Sequence[TrackedRun]:
        """Return the first `limit` runs of the benchmark that ended at `since` or later, the oldest first."""
        ...

    def with_ids(self, benchmark: str, run_ids: Collection[str]) -> Sequence[TrackedRun]:
        """Return those of these runs that are there and have ended."""
        ...

    def close(self) -> None: ...
