"""What a view of a board holds, in which order."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from leadersboard.board.plots import MOST_POINTS, plots_of
from leadersboard.board.selection import Selection, select
from leadersboard.domain.benchmark import Benchmark, Direction
from leadersboard.domain.ranking import Entry
from leadersboard.domain.standings import Standings

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
BENCHMARK = Benchmark(
    slug="b",
    version="1",
    title={"en": "B"},
    description={"en": ""},
    dataset="d",
    primary_metric="auroc",
    directions={"auroc": Direction.MAXIMIZE, "loss": Direction.MINIMIZE},
)


def entry(number: int, user: str, metrics: Mapping[str, float], **about: object) -> Entry:
    known: dict[str, object] = {"run_seconds": float(number), "by_category": {"wafer": metrics}, **about}
    return Entry(f"job{number}", f"s{number}", user, START + timedelta(days=number), metrics, **known)  # type: ignore[arg-type]


@pytest.fixture
def standings() -> Standings:
    board = Standings(BENCHMARK)
    board.put(
        [
            entry(1, "ada", {"auroc": 0.9, "loss": 3.0}, method="PaDiM", template="padim"),
            entry(2, "ada", {"auroc": 0.8, "loss": 1.0}, method="own", run_seconds=None),
            entry(3, "bob", {"auroc": 0.7, "loss": 2.0}, by_category={"die": {"auroc": 0.7}}),
            entry(4, "eve", {}, method="reported"),
        ]
    )
    return board


def jobs(standings: Standings, **wanted: object) -> list[str]:
    return [placed.row.job_id for placed in select(standings, Selection(**wanted)).rows]  # type: ignore[arg-type]


def test_filters_keep_the_rank_that_a_row_has_on_the_whole_board(standings: Standings) -> None:
    found = select(standings, Selection(text="BOB"))
    assert [(placed.row.job_id, placed.rank) for placed in found.rows] == [("job3", 3)]
    assert found.total == 1


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["job1", "job2", "job3", "job4"]),
        ({"best_only": True}, ["job1", "job3"]),
        ({"text": "padim"}, ["job1"]),
        ({"user": "ada"}, ["job1", "job2"]),
        ({"template": "padim"}, ["job1"]),
        ({"category": "die"}, ["job3"]),
        ({"since": date(2026, 1, 3), "until": date(2026, 1, 4)}, ["job2", "job3"]),
        ({"order": "loss"}, ["job2", "job3", "job1", "job4"]),
        ({"order": "-loss"}, ["job1", "job3", "job2", "job4"]),
        ({"order": "seconds"}, ["job1", "job3", "job4", "job2"]),
        ({"order": "-seconds"}, ["job4", "job3", "job1", "job2"]),
        ({"order": "-rank"}, ["job3", "job2", "job1", "job4"]),
        ({"order": "date", "limit": 2, "offset": 1}, ["job2", "job3"]),
    ],
)
def test_a_view_holds_what_is_wanted_in_the_order_wanted(
    standings: Standings, wanted: dict[str, object], expected: list[str]
) -> None:
    assert jobs(standings, **wanted) == expected


def test_a_plot_of_a_category_draws_its_scores(standings: Standings) -> None:
    rows = [standings.placed(row, among_best=False).row for row in standings]
    over_all, of_one = plots_of(standings, rows), plots_of(standings, rows, "die")
    assert [(row.job_id, score) for row, score in zip(of_one.rows, of_one.scores, strict=True)] == [("job3", 0.7)]
    assert "job3" in {row.job_id for row in over_all.rows}
    assert len(over_all.rows) > 1


def test_a_plot_of_many_rows_keeps_every_point_that_a_line_goes_through() -> None:
    board = Standings(BENCHMARK)
    board.put(entry(number, "ada", {"auroc": number / 1e4}) for number in range(2 * MOST_POINTS))
    rows = list(board)
    plots = plots_of(board, rows)
    best = [plots.rows[at].job_id for at in plots.best_line]
    # Each is better than those before: all are needed.
    assert best == [f"job{number}" for number in range(2 * MOST_POINTS)]
    board.put(entry(number, "ada", {"auroc": 0.0}) for number in range(1, 2 * MOST_POINTS))
    plots = plots_of(board, list(board))
    assert len(plots.rows) == MOST_POINTS
    assert plots.left_out == 2 * MOST_POINTS - MOST_POINTS
