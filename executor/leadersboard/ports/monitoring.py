"""What an operator wants to know of the queue and of the workers, within one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Mood(StrEnum):
    """What a worker is about."""

    WORKING = "working"
    DRAINING = "draining"  # told to end: it takes no more jobs
    SHORT_OF_SPACE = "short_of_space"  # takes no jobs until there is room on its disks


class Counted(StrEnum):
    """What workers count from their start on."""

    ATTEMPTS = "attempts"
    LEASES_KEPT = "leases_kept"
    LEASES_LOST = "leases_lost"
    LEASES_UNKNOWN = "leases_unknown"  # the records could not be reached
    TAKEN_BACK = "taken_back"
    RECORDED = "recorded"
    POSTPONED = "postponed"  # could not be recorded yet
    SWEPT = "swept"  # folders of jobs that nobody runs any more
    PRUNED_JOBS = "pruned_jobs"
    PRUNED_BYTES = "pruned_bytes"


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker as it last said it was: how many jobs it can run at once, how many it runs, what it has counted."""

    worker: str
    started_at: datetime
    seen_at: datetime
    slots: int
    busy: int
    mood: Mood = Mood.WORKING
    counts: Mapping[Counted, int] = field(default_factory=dict)


class WorkerRecords(Protocol):
    """The workers there are."""

    def say(self, state: WorkerState) -> None:
        """Write down how a worker is, whether it is known already or not."""
        ...

    def leave(self, worker: str) -> None:
        """Forget a worker that has ended in order."""
        ...

    def forget(self, before: datetime) -> int:
        """Forget workers that were last heard of before this time; return how many."""
        ...

    def all(self) -> Sequence[WorkerState]: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How many jobs stand so; `reason` is None but for failed ones."""

    status: str
    reason: str | None
    jobs: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The pending jobs of one resource class, of which there is at least one."""

    resource_class: str
    jobs: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """The jobs, counted. `oldest_unfinished` is when the oldest job that is not final was made, `unrecorded` how many
    final jobs tracking does not hold yet, `kept_bytes` what is known of the size of outputs and logs."""

    standing: Sequence[Standing]
    waiting: Sequence[Waiting]
    oldest_unfinished: datetime | None
    unrecorded: int
    kept_bytes: int
    by_stage: Mapping[str, int]


class FigureRecords(Protocol):
    """Counts over all jobs."""

    def take(self) -> Figures: ...
