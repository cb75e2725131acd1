"""The best so far, and what nothing beats in both score and cost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from leadersboard.domain.benchmark import Direction
from leadersboard.domain.progress import best_so_far, pareto_front

START = datetime(2026, 1, 1, tzinfo=UTC)
POINTS = st.lists(st.tuples(st.integers(0, 5).map(float), st.integers(0, 5).map(float)), max_size=20)


def test_the_best_so_far_rises_only_where_a_score_is_better() -> None:
    times = [START + timedelta(hours=hour) for hour in range(4)]
    points = list(zip(times, (0.5, 0.4, 0.5, 0.7), strict=True))
    assert best_so_far(points, Direction.MAXIMIZE) == [points[0], points[3]]
    assert best_so_far(points, Direction.MINIMIZE) == [points[0], points[1]]


@given(POINTS, st.sampled_from(Direction))
def test_a_point_is_on_the_front_or_beaten_by_one_that_is(
    points: Sequence[tuple[float, float]], direction: Direction
) -> None:
    sign = -1 if direction is Direction.MAXIMIZE else 1
    front = pareto_front(points, direction)
    chosen = [(points[at][0], sign * points[at][1]) for at in front]
    assert chosen == sorted(set(chosen))
    assert all(later[1] < earlier[1] for earlier, later in pairwise(chosen))
    for cost, score in points:
        assert any(other[0] <= cost and other[1] <= sign * score for other in chosen)
