"""Where results are kept for people to compare."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from leadersboard.domain.job import Job
from leadersboard.domain.submission import Submission


class TrackingUnavailable(Exception):
    """The tracking server cannot be reached or refuses at present; what was to be recorded is tried again."""


@dataclass(frozen=True, slots=True)
class TrackingLinks:
    """Where a person, and a program, finds a run."""

    ui: str
    rest: str


class Tracking(Protocol):
    """One experiment a benchmark, one run a job, found by the job's id so that no second one is made."""

    def open_run(self, job: Job, submission: Submission) -> str:
        """Return the id of the job's run, making one if there is none or what the job names is gone.

        Raises:
            TrackingUnavailable
        """
        ...

    def discard(self, run_id: str) -> None:
        """Remove a run that was made although the job had one.

        Raises:
            TrackingUnavailable
        """
        ...

    def record(self, run_id: str, job: Job, submission: Submission, artifacts: Path) -> None:
        """Write all of a final job to its run, artifacts included, end it, and remove other runs of the job.

        Raises:
            TrackingUnavailable
        """
        ...

    def links(self, run_id: str) -> TrackingLinks: ...
