"""Workers that die, are told to end or lose touch; Redis and MLflow away. Each job ends once all the same."""

import signal
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from leadersboard.adapters.sql import connect
from tests.integration.conftest import wait_until
from tests.integration.worker.conftest import PREDICT, Stack


def waits_for(gate: Path) -> str:
    """Return a cell that says where it is and goes on once `gate` is there."""
    return (
        f"import pathlib, time\nprint('waiting', flush=True)\n"
        f"while not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.05)"
    )


def results_in_database(stack: Stack, job_id: str) -> int:
    engine = connect(stack.settings.database_dsn)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM results WHERE job_id = :id"), {"id": job_id})
        count: int = found.scalar_one()
    engine.dispose()
    return count


def one_of_everything(stack: Stack, job_id: str) -> None:
    """Check that a completed job has one result, one row on the board and one run."""
    assert results_in_database(stack, job_id) == 1
    rows = stack.client.get("/leaderboard/tiny").json()["rows"]
    assert [row["job_id"] for row in rows].count(job_id) == 1
    wait_until(lambda: [run["info"]["status"] for run in stack.mlflow.runs(job_id)] == ["FINISHED"])


def test_a_job_whose_worker_was_killed_in_the_middle_is_completed_once_by_another(stack: Stack, gate: Path) -> None:
    first = stack.start_worker()
    job_id = stack.submit(waits_for(gate), PREDICT)
    wait_until(lambda: "waiting" in stack.log(job_id))
    below = first.processes()
    second = stack.start_worker()
    first.kill(signal.SIGKILL)
    _, alive = psutil.wait_procs(below, timeout=15)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
    stack.wait_for(job_id, lambda job: job["attempt"] == 2 and job["status"] == "running")
    gate.touch()
    job = stack.ended(job_id)
    assert (job["status"], job["attempt"]) == ("completed", 2)
    assert "attempt 1" in stack.log(job_id)
    assert "attempt 2" in stack.log(job_id)
    one_of_everything(stack, job_id)
    second.kill()


def test_a_job_that_takes_every_worker_down_is_given_up(stack: Stack, gate: Path) -> None:
    job_id = stack.submit(waits_for(gate))
    for attempt in (1, 2, 3):
        worker = stack.start_worker()
        stack.wait_for(job_id, lambda job, n=attempt: job["attempt"] == n and job["status"] == "running")
        worker.kill(signal.SIGKILL)
    worker = stack.start_worker()
    job = stack.ended(job_id)
    assert (job["status"], job["failure"]["reason"]) == ("failed", "platform_error")
    worker.kill()


def test_a_worker_that_was_stopped_for_longer_than_its_lease_spoils_nothing(stack: Stack, gate: Path) -> None:
    first = stack.start_worker()
    job_id = stack.submit(waits_for(gate), PREDICT)
    wait_until(lambda: "waiting" in stack.log(job_id))
    first.process.send_signal(signal.SIGSTOP)
    second = stack.start_worker()
    stack.wait_for(job_id, lambda job: job["attempt"] == 2 and job["status"] == "running")
    first.process.send_signal(signal.SIGCONT)
    # The first learns at its next heartbeat that it has lost the job, and ends what it runs.
    wait_until(lambda: b"lease_lost" in first.log.read_bytes())
    gate.touch()
    job = stack.ended(job_id)
    assert (job["status"], job["attempt"]) == ("completed", 2)
    one_of_everything(stack, job_id)
    first.kill()
    second.kill()


def test_a_worker_that_is_told_to_end_hands_its_job_back(stack: Stack, gate: Path) -> None:
    first = stack.start_worker()
    job_id = stack.submit(waits_for(gate), PREDICT)
    wait_until(lambda: "waiting" in stack.log(job_id))
    first.kill(signal.SIGTERM)
    assert first.process.returncode == 0
    job = stack.status(job_id)
    assert (job["status"], job["attempt"], job["max_attempts"]) == ("pending", 1, 4)
    gate.touch()
    second = stack.start_worker()
    assert stack.ended(job_id)["status"] == "completed"
    one_of_everything(stack, job_id)
    second.kill()


def test_a_worker_that_is_told_to_end_lets_a_job_finish_that_can_and_takes_no_other(stack: Stack, gate: Path) -> None:
    worker = stack.start_worker(LEADERSBOARD_GRACE_SECONDS="60", LEADERSBOARD_WORKER_SLOTS="2")
    job_id = stack.submit(waits_for(gate), PREDICT)
    wait_until(lambda: "waiting" in stack.log(job_id))
    worker.process.send_signal(signal.SIGTERM)
    wait_until(lambda: "none is heard of" in stack.client.get("/readyz").json()["checks"]["workers"])
    late = stack.submit(PREDICT)
    gate.touch()
    assert worker.process.wait(60) == 0
    job = stack.status(job_id)
    assert (job["status"], job["attempt"]) == ("completed", 1)
    assert (stack.status(late)["status"], stack.status(late)["attempt"]) == ("pending", 0)
    stack.client.post(f"/jobs/{late}/cancel")


def test_jobs_run_without_redis_and_wake_ups_come_again_with_it(stack: Stack) -> None:
    worker = stack.start_worker()
    stack.redis.stop()
    job_id = stack.submit(PREDICT)
    assert stack.ended(job_id)["status"] == "completed"
    stack.redis.start()
    assert stack.ended(stack.submit(PREDICT))["status"] == "completed"
    assert worker.process.poll() is None
    worker.kill()


def test_results_are_recorded_when_mlflow_is_back(stack: Stack) -> None:
    worker = stack.start_worker()
    stack.mlflow.stop()
    job_id = stack.submit(PREDICT)
    job = stack.ended(job_id)
    assert (job["status"], job["run_id"]) == ("completed", None)
    assert stack.client.get(f"/jobs/{job_id}/results").json()["metrics"]["accuracy"] == pytest.approx(0.75)
    stack.mlflow.start()
    stack.wait_for(job_id, lambda job: job["run_id"] is not None, 180)
    one_of_everything(stack, job_id)
    worker.kill()


def test_a_submission_that_was_damaged_in_storage_fails_as_the_platforms_fault(stack: Stack) -> None:
    job_id = stack.submit(PREDICT)
    folder = Path(stack.settings.uploads) / stack.status(job_id)["submission_id"]
    (folder / "nb.ipynb").write_text("something else")
    worker = stack.start_worker()
    job = stack.ended(job_id)
    assert (job["status"], job["failure"]["reason"]) == ("failed", "platform_error")
    assert job["attempt"] == job["max_attempts"]
    worker.kill()
