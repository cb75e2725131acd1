"""A board that is kept in order is at every moment what ranking all its rows anew gives."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadersboard.domain.benchmark import Benchmark, Direction
from leadersboard.domain.ranking import Entry, best_of_each_user, rank_entries
from leadersboard.domain.standings import Standings

START = datetime(2026, 1, 1, tzinfo=UTC)
# Few values, so that equal ones are common; some are missing.
SCORES = st.one_of(st.none(), st.sampled_from([0.1, 0.2, 0.5, float("nan")]))


def benchmark(direction: Direction, other: Direction) -> Benchmark:
    return Benchmark(
        slug="b",
        version="1",
        title={"en": "B"},
        description={"en": ""},
        dataset="d",
        primary_metric="auroc",
        directions={"auroc": direction, "loss": other},
        tie_break=("loss",),
    )


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    number = draw(st.integers(0, 12))
    scores = {"auroc": draw(SCORES), "loss": draw(SCORES)}
    metrics = {name: value for name, value in scores.items() if value is not None}
    user = draw(st.sampled_from("abc"))
    return Entry(f"j{number}", f"s{number}", user, START + timedelta(seconds=draw(st.integers(0, 3))), metrics)


@st.composite
def histories(draw: st.DrawFn) -> list[list[Entry] | str]:
    """Rows that come, singly and many at once, come again with other scores, and go."""
    batches = st.lists(entries(), min_size=1, max_size=8, unique_by=lambda entry: entry.job_id)
    return draw(st.lists(st.one_of(batches, st.integers(0, 12).map(lambda number: f"j{number}")), max_size=12))


@given(histories(), st.sampled_from(Direction), st.sampled_from(Direction))
def test_after_any_history_order_ranks_and_bests_are_those_of_ranking_anew(
    history: Sequence[list[Entry] | str], direction: Direction, other: Direction
) -> None:
    about = benchmark(direction, other)
    standings, present = Standings(about), dict[str, Entry]()
    for step in history:
        if isinstance(step, str):
            standings.remove(step)
            present.pop(step, None)
        else:
            standings.put(step)
            present.update({entry.job_id: entry for entry in step})
        expected = rank_entries(present.values(), about)
        shown = [standings.placed(row) for row in standings]
        assert [(one.row.job_id, one.rank, one.best_of_user) for one in shown] == [
            (one.entry.job_id, one.rank, one.best_of_user) for one in expected
        ]
        best = [standings.placed(row, among_best=True) for row in standings.best_rows()]
        assert [(one.row.job_id, one.rank) for one in best] == [
            (one.entry.job_id, one.rank) for one in best_of_each_user(present.values(), about)
        ]
        assert (standings.ranked, standings.ranked_users) == (sum(one.rank is not None for one in expected), len(best))
