"""What MLflow holds confirms the board; it never makes it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.integration.conftest import wait_until
from tests.integration.worker.conftest import PREDICT, Stack, running_stack, write_tiny_dataset

MUCH = 99.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A platform that asks MLflow often."""
    folder = tmp_path_factory.mktemp("s")
    write_tiny_dataset(folder / "home" / "data")
    with running_stack(folder, look_seconds=0.2) as stack:
        stack.start_worker()
        yield stack


@pytest.fixture(scope="module")
def job_id(stack: Stack) -> str:
    job_id = stack.submit(PREDICT)
    assert stack.ended(job_id)["status"] == "completed"
    wait_until(lambda: row_of(stack, job_id)["tracking"] == "recorded")
    return job_id


def board(stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = stack.client.get("/leaderboard/tiny").json()
    return found


def row_of(stack: Stack, job_id: str) -> dict[str, Any]:
    return next(row for row in board(stack)["rows"] if row["job_id"] == job_id)


def mlflow(stack: Stack, path: str, **body: object) -> dict[str, Any]:
    answer = httpx.post(f"{stack.mlflow.url}/api/2.0/mlflow{path}", json=body, timeout=30)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def looked_again(stack: Stack) -> Callable[[], bool]:
    """Return what tells whether MLflow has been asked, and has answered, since now."""
    before = board(stack)["tracking"]["answered_at"]
    return lambda: (board(stack)["tracking"]["answered_at"] or "") > (before or "")


@pytest.mark.parametrize("claimed", ["a job that never was", "a job of the platform"])
def test_a_run_that_is_written_straight_into_mlflow_does_not_get_onto_the_board(
    stack: Stack, job_id: str, claimed: str
) -> None:
    honest = row_of(stack, job_id)
    experiment = mlflow(stack, "/experiments/search", filter="name = 'tiny'", max_results=1)["experiments"][0]
    tag = {"key": "leadersboard.job_id", "value": job_id if claimed == "a job of the platform" else "f" * 32}
    now = int(time.time() * 1000)
    run = mlflow(stack, "/runs/create", experiment_id=experiment["experiment_id"], start_time=now, tags=[tag])
    run_id = run["run"]["info"]["run_id"]
    for name in honest["metrics"]:
        mlflow(stack, "/runs/log-metric", run_id=run_id, key=name, value=MUCH, timestamp=now)
    mlflow(stack, "/runs/update", run_id=run_id, status="FINISHED", end_time=now)
    wait_until(looked_again(stack))
    wait_until(looked_again(stack))
    assert [row["job_id"] for row in board(stack)["rows"]] == [job_id]
    assert row_of(stack, job_id) == honest


def test_metrics_that_are_changed_in_mlflow_change_no_rank_and_are_pointed_out(stack: Stack) -> None:
    job_id = stack.submit(PREDICT)
    run_id = stack.ended(job_id)["run_id"]
    wait_until(lambda: row_of(stack, job_id)["tracking"] == "recorded")
    honest = row_of(stack, job_id)
    name = next(iter(honest["metrics"]))
    now = int(time.time() * 1000)
    mlflow(stack, "/runs/log-metric", run_id=run_id, key=name, value=MUCH, timestamp=now, step=1)
    mlflow(stack, "/runs/update", run_id=run_id, end_time=now)
    wait_until(lambda: row_of(stack, job_id)["tracking"] == "differs")
    assert row_of(stack, job_id) == {**honest, "tracking": "differs"}


def test_while_mlflow_is_away_the_board_says_since_when_and_stays(stack: Stack, job_id: str) -> None:
    stack.mlflow.stop()
    try:
        wait_until(lambda: board(stack)["tracking"]["away_since"] is not None)
        assert row_of(stack, job_id)["rank"] == 1
    finally:
        stack.mlflow.start()
    wait_until(lambda: board(stack)["tracking"]["away_since"] is None)
