"""What organisers want to see at a glance, within one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from leadersboard.domain.job import Job


@dataclass(frozen=True, slots=True)
class Line:
    """The jobs of one resource class that wait or run. `oldest` and `last` are the first and the last in it that wait,
    None where none does."""

    resource_class: str
    waiting: int
    running: int
    oldest: datetime | None
    last: Job | None


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How many jobs failed for one reason, and when one last did."""

    reason: str
    jobs: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Participant:
    """What a user has asked for: `charged` submissions that count against the quota, and jobs by how they stand."""

    user_id: str
    charged: int
    waiting: int
    running: int
    completed: int
    failed: int
    newest: datetime


class OverviewRecords(Protocol):
    """Everybody's jobs, counted."""

    def lines(self) -> Sequence[Line]:
        """Return a line for each resource class in which something waits or runs, by name."""
        ...

    def devices(self, since: datetime) -> Mapping[str, Sequence[str]]:
        """Return the devices that each worker has used since then."""
        ...

    def failures(self, since: datetime) -> Sequence[FailureCount]:
        """Return why jobs failed since then, the most frequent reason first."""
        ...

    def participants(self, since: datetime, charged_since: datetime, limit: int) -> Sequence[Participant]:
        """Return who has asked for a job since then, the newest first; their jobs are counted since then too."""
        ...
