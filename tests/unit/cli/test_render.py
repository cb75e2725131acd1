"""Tables and states, as text."""

import pytest

from leadersboard.answers import Board, JobView
from leadersboard.cli.render import board_table, plain_table, printable, printable_log, seconds, state_of


def _job(**changed: object) -> JobView:
    raw = {
        "job_id": "j",
        "submission_id": "s",
        "user_id": "u",
        "status": "running",
        "created_at": "2026-11-23T00:00:00Z",
    }
    return JobView.of({**raw, **changed})


def _row(**changed: object) -> dict[str, object]:
    row = {
        "rank": 1,
        "user_id": "alice",
        "method": "padim",
        "template": None,
        "submission_id": "s1",
        "job_id": "j1",
        "kind": "scored",
        "metrics": {"image_auroc": 0.91234},
        "intervals": {},
    }
    return {**row, **changed}


def _board(*rows: dict[str, object]) -> Board:
    return Board.of(
        {
            "benchmark": "demo",
            "version": "1",
            "primary_metric": "image_auroc",
            "metrics": {"aupro": "maximize", "image_auroc": "maximize", "pixel_auroc": "maximize"},
            "total": len(rows),
            "rows": list(rows),
        }
    )


def test_columns_are_aligned_also_with_wide_characters() -> None:
    lines = plain_table(["名前", "x"], [["a", "1"], ["長い名前", "2"]]).splitlines()

    assert lines == ["名前      x", "a         1", "長い名前  2"]


def test_control_characters_of_others_do_not_reach_the_terminal() -> None:
    assert printable("a\x1b]0;title\x07b\nc") == "a ]0;title b c"
    assert "\x1b" not in plain_table(["h"], [["\x1b[2Jx"]])


@pytest.mark.parametrize(("colours", "shown"), [(True, "\x1b[31mred\x1b[0m"), (False, "red")])
def test_a_log_keeps_nothing_but_lines_and_wanted_colours(colours: bool, shown: str) -> None:
    assert printable_log("\x1b[31mred\x1b[0m\t1\r\n\x1b]0;title\x07", colours=colours) == f"{shown}\t1\r\n]0;title"


def test_the_primary_metric_comes_first_with_its_interval_and_metrics_that_nobody_has_are_left_out() -> None:
    board = _board(
        _row(intervals={"image_auroc": [0.88, 0.94]}, metrics={"image_auroc": 0.91, "aupro": 0.5}),
        _row(rank=None, kind="reported", method=None, template="mine", metrics={}),
    )

    headers, rows = board_table(board)

    assert headers == ["#", "method", "user", "image_auroc", "aupro", "job"]
    assert rows == [
        ["1", "padim", "alice", "0.9100 [0.880, 0.940]", "0.5000", "j1"],
        ["-", "mine (reported)", "alice", "-", "-", "j1"],
    ]


@pytest.mark.parametrize(
    ("job", "state"),
    [
        (_job(status="pending", queue={"ahead": 3, "expected_start_seconds": 9}), "waiting, 3 ahead"),
        (_job(status="pending", queue=None), "pending"),
        (_job(stage="executing", progress={"cell": 2, "cells": 7}), "cell 2 of 7"),
        (_job(stage="scoring", progress={"cell": 7, "cells": 7}), "scoring"),
        (_job(stage=None), "running"),
        (_job(status="failed", stage="executing", progress={"cell": 2, "cells": 7}), "failed"),
    ],
)
def test_where_a_job_is_takes_a_few_words(job: JobView, state: str) -> None:
    assert state_of(job) == state


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "-"), (7.6, "8 s"), (59.4, "59 s"), (65, "1:05"), (3723, "1:02:03")]
)
def test_durations_read_as_people_write_them(value: float | None, shown: str) -> None:
    assert seconds(value) == shown
