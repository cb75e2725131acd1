"""Which jobs still have files, within one transaction: the oldest give theirs up first, and results stay."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KeptJob:
    """A job that is over and recorded, whose outputs and logs are kept: `size` in bytes, None until it is measured."""

    job_id: str
    finished_at: datetime
    size: int | None


class RetentionRecords(Protocol):
    """The files that jobs have left. Jobs that run, wait or are not recorded yet are never among them."""

    def unmeasured(self, limit: int) -> Sequence[KeptJob]:
        """Return jobs whose files have not been measured, the oldest first."""
        ...

    def measured(self, job_id: str, size: int) -> None: ...

    def kept_bytes(self) -> int:
        """Return the size of all measured files that are kept."""
        ...

    def oldest(self, limit: int) -> Sequence[KeptJob]:
        """Return the jobs that ended first among those whose files are kept."""
        ...

    def pruned(self, job_id: str, now: datetime) -> None:
        """Say that the files of a job are gone."""
        ...

    def without_row(self, submission_ids: Collection[str]) -> Sequence[str]:
        """Return those of the ids that no submission has."""
        ...
