"""Where a run stands, for the person who made it."""

from datetime import UTC, datetime, timedelta

import pytest

from leadersboard.domain.benchmark import Benchmark, Direction
from leadersboard.domain.ranking import Entry, rank_entries
from leadersboard.domain.standing import Standing, standing_of

START = datetime(2026, 4, 1, tzinfo=UTC)


def benchmark(direction: Direction) -> Benchmark:
    return Benchmark("b", "1", {}, {}, "d", "score", {"score": direction})


def board(direction: Direction, *runs: tuple[str, str, float | None]) -> list:
    entries = [
        Entry(job_id, job_id, user, START + timedelta(minutes=place), {} if score is None else {"score": score})
        for place, (job_id, user, score) in enumerate(runs)
    ]
    return rank_entries(entries, benchmark(direction))


RUNS = (("a1", "ann", 0.5), ("b1", "bob", 0.9), ("a2", "ann", 0.7), ("a3", "ann", None), ("a4", "ann", 0.6))


def test_a_first_run_has_nothing_before_it() -> None:
    assert standing_of("b1", board(Direction.MAXIMIZE, *RUNS), benchmark(Direction.MAXIMIZE)) == Standing(
        "score", Direction.MAXIMIZE, 0.9, rank=1, of=4, best_before=None, is_best=True
    )


@pytest.mark.parametrize(
    ("direction", "rank", "best_before", "is_best"),
    [(Direction.MAXIMIZE, 3, 0.7, False), (Direction.MINIMIZE, 2, 0.5, False)],
)
def test_a_later_run_is_held_against_the_best_of_those_before(
    direction: Direction, rank: int, best_before: float, is_best: bool
) -> None:
    standing = standing_of("a4", board(direction, *RUNS), benchmark(direction))
    assert standing is not None
    assert (standing.rank, standing.best_before, standing.is_best) == (rank, best_before, is_best)


def test_later_runs_are_not_before_an_earlier_one() -> None:
    standing = standing_of("a1", board(Direction.MAXIMIZE, *RUNS), benchmark(Direction.MAXIMIZE))
    assert standing is not None
    assert standing.best_before is None
    assert not standing.is_best


@pytest.mark.parametrize("job_id", ["a3", "unknown"])
def test_a_run_that_is_not_ranked_stands_nowhere(job_id: str) -> None:
    assert standing_of(job_id, board(Direction.MAXIMIZE, *RUNS), benchmark(Direction.MAXIMIZE)) is None
