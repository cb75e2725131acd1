"""What the boards are made from: results that verify, rows that organisers have hidden, and who did what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from leadersboard.domain.ranking import Entry


@dataclass(frozen=True, slots=True)
class Seen:
    """A completed job, and when it was."""

    job_id: str
    finished_at: datetime


class Deed(StrEnum):
    """What organisers do to others' jobs and rows."""

    HIDE = "hide"
    SHOW = "show"
    CANCEL = "cancel"
    RUN_AGAIN = "run_again"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Who did what to which job, when and why."""

    at: datetime
    who: str
    deed: Deed
    job_id: str
    reason: str


class BoardRecords(Protocol):
    """Boards, within one transaction."""

    def completed_since(self, benchmark: str, benchmark_version: str, since: datetime | None) -> Sequence[Seen]:
        """Return the jobs that were completed at `since` or later, or all, the oldest first."""
        ...

    def completed_count(self, benchmark: str, benchmark_version: str) -> int: ...

    def judged(self, job_ids: Collection[str]) -> Mapping[str, Entry | None]:
        """Return these jobs' entries, None for those that do not say what the platform signed. Jobs that are not
        completed are left out."""
        ...

    def unrecorded(self, job_ids: Collection[str]) -> Collection[str]:
        """Return those of these jobs that tracking does not hold yet, as far as the records know."""
        ...

    def hidden(self) -> Mapping[str, str]:
        """Return the jobs whose rows are hidden, each with the reason."""
        ...

    def hide(self, job_id: str, reason: str) -> None: ...

    def show(self, job_id: str) -> None: ...

    def note(self, entry: LogEntry) -> None:
        """Add to the log of organisers."""
        ...

    def log(self, limit: int) -> Sequence[LogEntry]:
        """Return the newest entries of the log, the newest first."""
        ...
