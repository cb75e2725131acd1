"""The commands of a participant, against a real API and worker."""

import csv
import json
import signal
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Commands


def test_a_script_is_submitted_waited_for_and_its_results_are_printed(alice: "Commands") -> None:
    entrypoint = alice.script("report(accuracy=0.75)")

    done = alice("submit", entrypoint, "--metadata", "method=thresholds", "--wait")

    assert done.returncode == 0, done.stderr
    assert "completed" in done.stdout
    assert "accuracy  0.7500" in done.stdout
    assert "reported" in done.stdout


def test_a_notebook_takes_parameters_and_its_log_can_be_read(alice: "Commands") -> None:
    notebook = alice.notebook("greeting = 'nobody'\ntimes = 1", "print('hello', greeting, times * 2)")

    submitted = alice("submit", notebook, "-p", "greeting=world", "-p", "times=21")
    job_id = submitted.stdout.strip()
    log = alice("logs", "-f", job_id)

    assert submitted.returncode == 0, submitted.stderr
    assert job_id in submitted.stderr
    assert log.returncode == 0
    assert "hello world 42" in log.stdout
    assert alice("logs", job_id).stdout == log.stdout


def test_a_failed_job_ends_waiting_with_code_1_and_the_reason(alice: "Commands") -> None:
    notebook = alice.notebook("limit = 1", "raise RuntimeError('the lamp is off')")

    done = alice("submit", notebook, "--wait")

    assert done.returncode == 1
    assert "has failed" in done.stderr
    assert "Traceback" not in done.stderr


def test_progress_that_goes_to_a_file_is_plain_lines(alice: "Commands") -> None:
    notebook = alice.notebook("limit = 1", "limit + 1", "limit + 2")

    done = alice("submit", notebook, "--wait")

    assert "try.ipynb: completed" in done.stderr
    assert all(character.isprintable() or character == "\n" for character in done.stderr + done.stdout)


def test_ctrl_c_while_waiting_leaves_the_job_running(alice: "Commands") -> None:
    entrypoint = alice.script("print('begun', flush=True)\ntime.sleep(600)")
    waiting = subprocess.Popen(
        alice.line("submit", entrypoint, "--wait"),
        env=alice.environment,
        cwd=alice.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert waiting.stderr is not None
    job_id = waiting.stderr.readline().split()[-1].rstrip(".")
    assert waiting.stderr.readline().startswith("main.py:")

    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=30)

    assert waiting.returncode == 130
    assert f"leadersboard logs -f {job_id}" in said
    assert _status(alice, job_id) in ("pending", "running")
    cancelled = alice("cancel", job_id)
    assert cancelled.returncode == 0, cancelled.stderr
    assert alice("logs", "-f", job_id).returncode == 1
    assert _status(alice, job_id) == "cancelled"
    assert alice("cancel", job_id).returncode == 2


def test_jobs_are_listed_for_people_and_for_programs(alice: "Commands") -> None:
    job_id = alice("submit", alice.script("report(accuracy=1)")).stdout.strip()

    assert job_id in alice("jobs", "--limit", "5").stdout
    listed = json.loads(alice("jobs", "--json").stdout)
    assert job_id in [job["job_id"] for job in listed["items"]]
    assert alice("jobs", "--status", "sleeping").returncode == 2


def test_what_the_api_refuses_is_one_line_in_its_own_words(alice: "Commands") -> None:
    notebook = alice.notebook("limit = 1")

    refused = alice("submit", notebook, "-p", "limits=2")

    assert refused.returncode == 2
    assert refused.stderr.strip() == "The notebook has no parameter 'limits'. It has: limit."


def test_refusals_come_in_the_users_language(alice: "Commands") -> None:
    refused = alice("logs", "no-such-job", LC_ALL="ja_JP.UTF-8")

    assert "見つかりません" in refused.stderr


def test_exit_codes_tell_apart_what_went_wrong(alice: "Commands", bob: "Commands") -> None:
    job_id = alice("submit", alice.script("report(accuracy=1)")).stdout.strip()

    assert bob("logs", job_id).returncode == 4
    assert bob("results", "no-such-job").returncode == 4
    assert alice("jobs", "--token", "wrong").returncode == 2
    assert alice("jobs", "--url", "http://127.0.0.1:1").returncode == 3
    assert alice("board", "no-such-benchmark").returncode == 4


def test_results_are_there_as_json(alice: "Commands") -> None:
    entrypoint = alice.script("report(accuracy=0.5)")
    done = alice("submit", entrypoint, "--wait")
    job_id = done.stderr.split("job ")[1].split(".")[0]

    results = json.loads(alice("results", job_id, "--json").stdout)

    assert results["reported_metrics"] == {"accuracy": 0.5}


def test_a_board_can_be_had_as_csv_and_json(alice: "Commands") -> None:
    table = alice("board", "demo-inspection", "--csv")
    answer = alice("board", "demo-inspection", "--json")

    assert (table.returncode, answer.returncode) == (0, 0), table.stderr
    assert json.loads(answer.stdout)["benchmark"] == "demo-inspection"
    assert next(csv.reader(table.stdout.splitlines()))[0] == "rank"


def _status(user: "Commands", job_id: str) -> str:
    listed = json.loads(user("jobs", "--json").stdout)["items"]
    return next(str(job["status"]) for job in listed if job["job_id"] == job_id)
