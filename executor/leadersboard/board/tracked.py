"""What the tracking server has been seen to hold of a board."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from leadersboard.domain.standings import Standings
from leadersboard.ports.runs import TrackedRun

_BEGINNING = datetime(1971, 1, 1, tzinfo=UTC)
_SMALL = timedelta(milliseconds=1)
# Metrics are kept as 64-bit floats on both sides; a database may still round the last digit.
_TOLERANCE = 1e-9


class Agreement(StrEnum):
    """Whether the tracking server has a row as the records have it."""

    RECORDED = "recorded"
    WAITING = "waiting"  # it does not hold it yet
    DIFFERS = "differs"  # it holds other metrics: somebody changed them there


class Tracked:
    """Which rows are confirmed, how far was read, and when the server last answered."""

    def __init__(self) -> None:
        self.read_until = _BEGINNING
        self.answered_at: datetime | None = None
        self.problem: str | None = None
        self.problem_since: datetime | None = None
        self.revision = 0
        self._confirmed: set[str] = set()
        self._differing: set[str] = set()

    def __len__(self) -> int:
        """How many rows the server was seen to hold."""
        return len(self._confirmed) + len(self._differing)

    def knows(self, job_id: str) -> bool:
        return job_id in self._confirmed or job_id in self._differing

    def agreement(self, job_id: str) -> Agreement:
        if job_id in self._differing:
            return Agreement.DIFFERS
        return Agreement.RECORDED if job_id in self._confirmed else Agreement.WAITING

    def take(self, run: TrackedRun, standings: Standings) -> None:
        """Hold a run against the row of the job that it says it is of. One of no such job is passed over, whoever wrote
        it."""
        row = None if run.job_id is None else standings.get(run.job_id)
        if row is None or row.run_id not in (None, run.run_id):
            return
        names = standings.benchmark.directions
        same = all(_same(score, run.metrics.get(name)) for name, score in zip(names, row.scores, strict=True))
        known, other = (self._confirmed, self._differing) if same else (self._differing, self._confirmed)
        if row.job_id not in known:
            known.add(row.job_id)
            other.discard(row.job_id)
            self.revision += 1

    def advance(self, runs: Sequence[TrackedRun], limit: int) -> bool:
        """Remember how far was read; return whether there may be more."""
        if not runs:
            return False
        last = runs[-1].ended_at
        more = len(runs) == limit
        # A whole page of runs that ended in one millisecond would be read for ever.
        self.read_until = last + _SMALL if more and last == runs[0].ended_at else last
        return more

    def answered(self, at: datetime) -> None:
        self.answered_at, self.problem, self.problem_since = at, None, None

    def failed(self, problem: str, at: datetime) -> None:
        self.problem_since = self.problem_since or at
        self.problem = problem


def _same(score: float, tracked: float | None) -> bool:
    if math.isnan(score):
        return tracked is None or math.isnan(tracked)
    return tracked is not None and math.isclose(score, tracked, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
