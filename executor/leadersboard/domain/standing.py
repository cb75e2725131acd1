"""Where one run stands on its board, and what it means for its user."""

from collections.abc import Sequence
from dataclasses import dataclass

from leadersboard.domain.benchmark import Benchmark, Direction
from leadersboard.domain.ranking import RankedEntry


@dataclass(frozen=True, slots=True)
class Standing:
    """A scored run on its board.

    `rank` and `of` count all ranked runs; `best_before` is the best primary metric of the user's earlier runs, or None
    for their first; `is_best` says whether no run of theirs is better.
    """

    metric: str
    direction: Direction
    value: float
    rank: int
    of: int
    best_before: float | None
    is_best: bool


def standing_of(job_id: str, board: Sequence[RankedEntry], benchmark: Benchmark) -> Standing | None:
    """Return where the run stands on `board`, or None where it is not ranked there."""
    row = next((row for row in board if row.entry.job_id == job_id), None)
    if row is None or row.rank is None:
        return None
    primary = benchmark.primary_metric
    direction = benchmark.directions[primary]
    own = [other.entry for other in board if other.rank is not None and other.entry.user_id == row.entry.user_id]
    earlier = [entry.metrics[primary] for entry in own if entry.submitted_at < row.entry.submitted_at]
    best = max if direction is Direction.MAXIMIZE else min
    return Standing(
        metric=primary,
        direction=direction,
        value=row.entry.metrics[primary],
        rank=row.rank,
        of=sum(other.rank is not None for other in board),
        best_before=best(earlier) if earlier else None,
        is_best=row.entry.metrics[primary] == best(entry.metrics[primary] for entry in own),
    )
