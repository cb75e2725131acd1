"""Jobs as they really run: a worker, kernels, scoring and MLflow."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from leadersboard.log_lines import JsonLines
from tests.builders import SCRIPT, SCRIPT_FILES
from tests.integration.conftest import wait_until
from tests.integration.worker.conftest import PREDICT, Stack


@pytest.fixture(scope="module", autouse=True)
def worker(stack: Stack) -> Iterator[None]:
    worker = stack.start_worker(LEADERSBOARD_WORKER_SLOTS="2")
    yield
    worker.kill()


def scratch(stack: Stack) -> list[Path]:
    return list(stack.settings.scratch.iterdir())


def test_a_notebook_goes_from_submission_to_rank(stack: Stack) -> None:
    job_id = stack.submit("print('seed is', seed)", PREDICT)
    job = stack.ended(job_id)
    assert job["status"] == "completed", job
    assert (job["attempt"], job["device"], job["error"]) == (1, "cpu", None)
    assert job["peak_memory_bytes"] > 0
    results = stack.client.get(f"/jobs/{job_id}/results").json()
    assert results["metrics"] == {"accuracy": 0.75, "low_is_good": 1.0}
    assert results["rank"] == 1
    assert results["run_id"] in results["mlflow_ui_link"]
    board = stack.client.get("/leaderboard/tiny").json()
    assert board["benchmark"] == "tiny"
    assert board["rows"][0]["job_id"] == job_id
    assert "seed is 0" in stack.log(job_id)
    executed = nbformat.reads(stack.client.get(f"/jobs/{job_id}/notebook").text, as_version=4)
    assert any("seed is 0" in output.get("text", "") for cell in executed.cells for output in cell.get("outputs", []))
    assert stack.client.get(f"/jobs/{job_id}/scoring-notebook").status_code == 200


def test_a_run_says_what_it_found_installed(stack: Stack) -> None:
    look = "import numpy, platform; print('it has', numpy.__version__, 'on', platform.python_version())"
    job_id = stack.submit(look, PREDICT)
    stack.ended(job_id)
    kept = stack.client.get(f"/jobs/{job_id}/files/requirements.txt").text.splitlines()
    (numpy,) = (line.partition("==")[2] for line in kept if line.startswith("numpy=="))
    python = kept[0].removeprefix("# Python ").partition(",")[0]
    assert f"it has {numpy} on {python}" in stack.log(job_id)


def test_mlflow_holds_one_run_with_all_of_it(stack: Stack) -> None:
    job_id = stack.submit(PREDICT, parameters={"seed": 3}, resource_class="medium")
    stack.ended(job_id)
    wait_until(lambda: [run["info"]["status"] for run in stack.mlflow.runs(job_id)] == ["FINISHED"])
    (run,) = stack.mlflow.runs(job_id)
    tags = {tag["key"]: tag["value"] for tag in run["data"]["tags"]}
    metrics = {metric["key"]: metric["value"] for metric in run["data"]["metrics"]}
    params = {param["key"]: param["value"] for param in run["data"]["params"]}
    assert run["info"]["run_id"] == stack.status(job_id)["run_id"]
    expected = {
        "user": "alice",
        "benchmark": "tiny",
        "benchmark_version": "1-01234567",
        "resource_class": "medium",
        "attempt": "1",
    }
    assert {name: tags[f"leadersboard.{name}"] for name in expected} == expected
    assert len(tags["leadersboard.submission_digest"]) == 64
    assert (metrics["accuracy"], metrics["accuracy.low"], params["seed"]) == (0.75, 0.0, "3")
    listing = stack.client.get(
        f"{stack.mlflow.url}/api/2.0/mlflow/artifacts/list", params={"run_id": run["info"]["run_id"]}
    ).json()
    assert {"executed.ipynb", "requirements.txt", "log.txt", "outputs", "scoring"} <= {
        file["path"] for file in listing["files"]
    }


def test_a_scored_job_is_listed_with_its_place_on_the_board(stack: Stack) -> None:
    first, second = (stack.submit(PREDICT) for _ in range(2))
    for job_id in (first, second):
        stack.ended(job_id)
    listed = {job["job_id"]: job["score"] for job in stack.client.get("/jobs", params={"limit": 500}).json()["items"]}
    score = listed[second]
    assert (score["metric"], score["value"], score["rank"]) == ("accuracy", 0.75, 1)
    assert (score["best_before"], score["is_best"]) == (0.75, True)
    assert score["of"] == sum(one is not None for one in listed.values())


def test_a_jobs_way_is_followed_in_the_logs_by_its_id(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="leadersboard"):
        job_id = stack.submit(PREDICT)
    # The API runs in this process, the worker in one of its own.
    accepted = [json.loads(JsonLines().format(record)) for record in caplog.records if job_id in record.getMessage()]
    assert [(line["job_id"], line["user"]) for line in accepted] == [(job_id, "alice")]
    stack.ended(job_id)

    def said() -> list[dict[str, Any]]:
        # What Python says before the worker begins is no object, and the last line may be on its way.
        lines = [line for line in stack.workers[-1].log.read_text().splitlines(keepends=True) if line.startswith("{")]
        found = [json.loads(line) for line in lines if line.endswith("\n")]
        return [line for line in found if line.get("job_id") == job_id]

    wait_until(lambda: "is recorded as run" in said()[-1]["message"])
    assert [line["message"].split()[0] for line in said()] == ["begun", "over", "job"]
    assert [(line["attempt"], line["user"]) for line in said()[:2]] == [(1, "alice")] * 2


def test_nothing_is_left_of_a_job_on_the_worker(stack: Stack) -> None:
    leave = "import subprocess; subprocess.Popen(['setsid', 'sleep', '98765'])"
    stack.ended(stack.submit(leave, PREDICT))
    wait_until(lambda: scratch(stack) == [])
    assert [p for p in psutil.process_iter(["cmdline"]) if "98765" in (p.info["cmdline"] or [])] == []


def test_submitted_code_finds_no_secret_and_no_label_in_its_environment(stack: Stack) -> None:
    job_id = stack.submit("import os, json; print('ENV', json.dumps(dict(os.environ)))", PREDICT)
    stack.ended(job_id)
    (line,) = (line for line in stack.log(job_id).splitlines() if line.startswith("ENV"))
    environment = json.loads(line.removeprefix("ENV "))
    assert "must not be seen" not in environment.values()
    assert not {"API_TOKENS", "REDIS_URL", "MLFLOW_TRACKING_URI", "LEADERSBOARD_HOME"} & environment.keys()
    assert environment["HF_HUB_OFFLINE"] == "1"


def test_a_script_of_the_original_contract_reports_its_own_metrics(stack: Stack) -> None:
    job_id = stack.submit(files=SCRIPT_FILES)
    job = stack.ended(job_id)
    assert job["status"] == "completed", job
    results = stack.client.get(f"/jobs/{job_id}/results").json()
    assert (results["metrics"], results["reported_metrics"]) == ({}, {"image_auc": 0.75})
    assert results["reported_params"] == {"method": "padim"}
    rows = stack.client.get("/leaderboard/tiny").json()["rows"]
    (row,) = (row for row in rows if row["job_id"] == job_id)
    assert (row["kind"], row["rank"]) == ("reported", None)
    assert rows.index(row) >= sum(one["kind"] == "scored" for one in rows)
    assert "config: method: padim" in stack.log(job_id)


def test_a_script_with_predictions_is_scored(stack: Stack) -> None:
    script = SCRIPT + b"\noutput_dir = arguments.output\n" + PREDICT.encode()
    job_id = stack.submit(files={**SCRIPT_FILES, "main.py": script})
    assert stack.ended(job_id)["status"] == "completed"
    results = stack.client.get(f"/jobs/{job_id}/results").json()
    assert (results["metrics"]["accuracy"], results["reported_metrics"]) == (0.75, {"image_auc": 0.75})


FAILURES = {
    "a cell that raises": (("x = 1", "1 / 0"), "notebook_error", 3, "division by zero"),
    "a module that is not there": (("import nonesuch",), "notebook_error", 2, "nonesuch"),
    "a kernel that exits": (("import os; os._exit(7)",), "kernel_died", 2, "Python ended"),
    "a kernel that is killed": (("import os; os.kill(os.getpid(), 9)",), "kernel_died", 2, "Python ended"),
    "a memory error": (("raise MemoryError",), "out_of_memory", 2, "memory"),
    "no end of memory": (
        ("many = []\nwhile True: many.append(bytearray(20_000_000))",),
        "out_of_memory",
        2,
        "memory",
    ),
    "no end of output": (("while True: print('x' * 1000)",), "notebook_error", 2, "printed more"),
    "no predictions": (("x = 1",), "invalid_output", None, "predictions.csv"),
    "NaN in the predictions": ((PREDICT.replace("0.9", "nan"),), "invalid_output", None, "finite"),
    "a scorer that breaks": ((PREDICT.replace("d,0.3", "explode,1"),), "scoring_error", None, "not your fault"),
    "metrics.json that is none": (
        (PREDICT, "open(output_dir + '/metrics.json', 'w').write('[1]')"),
        "invalid_output",
        None,
        "metrics.json",
    ),
    "NaN in metrics.json": (
        (PREDICT, "open(output_dir + '/metrics.json', 'w').write('{\"metrics\": {\"a\": NaN}}')"),
        "invalid_output",
        None,
        "finite",
    ),
    "someone who waits for input": (("input()",), "notebook_error", 2, "input"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_job_that_fails_says_why_and_where(case: str, stack: Stack) -> None:
    cells, reason, cell, words = FAILURES[case]
    job_id = stack.submit(*cells)
    job = stack.ended(job_id)
    assert (job["status"], job["failure"]["reason"]) == ("failed", reason), job
    assert job["failure"]["cell"] == cell
    assert words in job["error"]
    assert stack.client.get(f"/jobs/{job_id}/notebook").status_code == 200
    assert stack.client.get(f"/jobs/{job_id}/results").status_code == 404
    assert job_id not in {row["job_id"] for row in stack.client.get("/leaderboard/tiny").json()["rows"]}


def test_the_executed_notebook_of_a_failure_shows_the_error_in_its_cell(stack: Stack) -> None:
    job_id = stack.submit("print('before')", "raise ValueError('the reason')", "print('after')")
    job = stack.ended(job_id)
    assert "the reason" in job["failure"]["traceback"]
    executed = nbformat.reads(stack.client.get(f"/jobs/{job_id}/notebook").text, as_version=4)
    own = [cell for cell in executed.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    assert own[job["failure"]["cell"] - 1].outputs[0]["ename"] == "ValueError"
    assert own[1].outputs[0]["text"] == "before\n"
    assert own[3].outputs == []


def test_an_endless_loop_ends_at_the_limit_of_its_resource_class(stack: Stack) -> None:
    job = stack.ended(stack.submit("while True: pass", resource_class="medium"))
    assert job["failure"]["reason"] == "timeout", job
    assert job["run_seconds"] < stack.settings.small_wall_seconds


def test_a_running_job_is_cancelled_once_all_its_processes_are_gone(stack: Stack) -> None:
    stubborn = """
import signal, subprocess, time
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
subprocess.Popen(["setsid", "sleep", "87654"])
print("here", flush=True)
while True: time.sleep(1)
"""
    job_id = stack.submit(stubborn)
    wait_until(lambda: "here" in stack.log(job_id))
    answer = stack.client.post(f"/jobs/{job_id}/cancel")
    assert (answer.status_code, answer.json()["cancel_requested"]) == (202, True)
    assert stack.ended(job_id)["status"] == "cancelled"
    assert [p for p in psutil.process_iter(["cmdline"]) if "87654" in (p.info["cmdline"] or [])] == []


def test_log_and_cells_are_seen_while_the_job_runs(stack: Stack, gate: Path) -> None:
    waiting = f"import pathlib, time\nprint('waiting', flush=True)\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.05)"
    job_id = stack.submit(waiting, PREDICT)
    seen: list[tuple[str, dict[str, object]]] = []
    with stack.client.stream("GET", f"/jobs/{job_id}/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: "):
                seen.append((event, json.loads(line.removeprefix("data: "))))
                if "waiting" in str(seen[-1]) and not gate.exists():
                    assert stack.status(job_id)["progress"] == {"cell": 2, "cells": 3}
                    assert "waiting" in stack.log(job_id)
                    gate.touch()
    names = [event for event, _ in seen]
    assert names.count("end") == 1
    assert names[-1] == "end"
    assert seen[-1][1]["status"] == "completed"
    log = "".join(str(data["text"]) for event, data in seen if event == "log")
    assert log == stack.log(job_id)
    assert {"starting", "executing", "scoring"} <= {str(data.get("stage")) for event, data in seen if event == "status"}
