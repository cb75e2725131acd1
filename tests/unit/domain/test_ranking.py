"""The order of a board, for every set of rows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadersboard.domain.benchmark import Benchmark, Direction
from leadersboard.domain.ranking import Entry, best_of_each_user, rank_entries

START = datetime(2026, 1, 1, tzinfo=UTC)


def benchmark(direction: Direction = Direction.MAXIMIZE) -> Benchmark:
    return Benchmark(
        slug="b",
        version="1",
        title={"en": "B"},
        description={"en": ""},
        dataset="d",
        primary_metric="auroc",
        directions={"auroc": direction, "f1": Direction.MAXIMIZE},
        tie_break=("f1",),
    )


def entry(number: int, auroc: float | None = None, f1: float | None = None, user: str = "u") -> Entry:
    metrics = {name: value for name, value in (("auroc", auroc), ("f1", f1)) if value is not None}
    return Entry(f"j{number}", f"s{number}", user, START + timedelta(seconds=number), metrics)


def ranks(entries: Sequence[Entry], direction: Direction = Direction.MAXIMIZE) -> list[tuple[str, int | None]]:
    return [(row.entry.job_id, row.rank) for row in rank_entries(entries, benchmark(direction))]


def test_equal_rows_share_a_rank_and_the_next_rank_is_left_out() -> None:
    rows = [entry(1, 0.8, 0.5), entry(2, 0.9), entry(3, 0.8, 0.5), entry(4, 0.7)]
    assert ranks(rows) == [("j2", 1), ("j1", 2), ("j3", 2), ("j4", 4)]


def test_the_tie_break_decides_where_the_primary_metric_is_equal() -> None:
    assert ranks([entry(1, 0.8, 0.1), entry(2, 0.8, 0.2)]) == [("j2", 1), ("j1", 2)]


def test_the_direction_turns_the_order_round() -> None:
    assert ranks([entry(1, 0.1), entry(2, 0.2)], Direction.MINIMIZE) == [("j1", 1), ("j2", 2)]


def test_a_missing_metric_comes_last_in_both_directions_and_has_no_rank() -> None:
    rows = [entry(1), entry(2, 0.2), entry(3, float("nan"))]
    for direction in Direction:
        assert ranks(rows, direction) == [("j2", 1), ("j1", None), ("j3", None)]


def test_one_row_a_user_is_their_best() -> None:
    rows = [entry(1, 0.5, user="a"), entry(2, 0.9, user="a"), entry(3, 0.7, user="b"), entry(4, user="c")]
    assert [(row.entry.job_id, row.rank) for row in best_of_each_user(rows, benchmark())] == [("j2", 1), ("j3", 2)]


values = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.25, 0.5, 0.75])
rows = st.lists(st.tuples(values, values, st.sampled_from("abc")), max_size=12).map(
    lambda many: [entry(number, *values) for number, values in enumerate(many)]
)


@given(rows, st.sampled_from(Direction), st.randoms())
def test_the_order_does_not_depend_on_the_order_in_which_rows_come(many, direction, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(many)
    random.shuffle(shuffled)
    assert ranks(many, direction) == ranks(shuffled, direction)


@given(rows, st.sampled_from(Direction))
def test_a_rank_is_one_more_than_the_number_of_better_rows(many: list[Entry], direction: Direction) -> None:
    ranked = rank_entries(many, benchmark(direction))
    with_rank = [row for row in ranked if row.rank is not None]
    assert len(ranked) == len(many)
    assert ranked[: len(with_rank)] == with_rank
    for place, row in enumerate(with_rank, start=1):
        assert row.rank is not None
        assert row.rank <= place
        assert row.rank == 1 + sum(1 for other in with_rank if other.rank is not None and other.rank < row.rank)
    best = [row.entry.user_id for row in ranked if row.best_of_user]
    assert len(best) == len(set(best))
