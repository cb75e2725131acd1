"""POST /jobs and what can be asked of a job before any worker has seen it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.builders import SCRIPT_FILES, form, notebook

CELL = "epochs = 1\nrate = 0.5\n"


def submission(client: httpx.Client, entrypoint: str = "main.py", parameters: str | None = CELL) -> str:
    files = SCRIPT_FILES if entrypoint == "main.py" else {entrypoint: notebook("1", parameters=parameters)}
    answer = client.post("/submissions", files=form(files), data={"entrypoint": entrypoint})
    submission_id: str = answer.json()["submission_id"]
    return submission_id


def post_job(client: httpx.Client, submission_id: str, config: Any = None, **headers: str) -> httpx.Response:
    body = {"submission_id": submission_id} | ({} if config is None else {"config": config})
    return client.post("/jobs", json=body, headers=headers)


def test_the_curl_call_of_the_original_is_accepted(client: httpx.Client) -> None:
    submission_id = submission(client)
    answer = post_job(client, submission_id, {"resource_class": "medium"})
    assert answer.status_code == 202
    job_id = answer.json()["job_id"]
    assert answer.json() == {"job_id": job_id, "submission_id": submission_id, "status": "pending"}
    status = client.get(f"/jobs/{job_id}/status").json()
    asked = ["job_id", "submission_id", "user_id", "status", "run_id", "created_at", "updated_at", "error"]
    assert status.keys() >= set(asked)
    assert (status["status"], status["resource_class"], status["error"]) == ("pending", "medium", None)
    assert status["queue"]["ahead"] >= 0
    assert client.get(f"/jobs/{job_id}/logs").json() == {"job_id": job_id, "logs": ""}
    assert client.get(f"/jobs/{job_id}/results").status_code == 404


BAD: dict[str, tuple[str, Any, str]] = {
    "unknown resource class": ("main.py", {"resource_class": "huge"}, "unknown_resource_class"),
    "unknown benchmark": ("main.py", {"benchmark": "none-such"}, "unknown_benchmark"),
    "parameters for a script": ("main.py", {"parameters": {"epochs": 1}}, "parameters_for_script"),
    "parameters are no object": ("nb.ipynb", {"parameters": [1]}, "invalid_config"),
    "unknown parameter": ("nb.ipynb", {"parameters": {"epoch": 1}}, "unknown_parameter"),
    "wrong type": ("nb.ipynb", {"parameters": {"epochs": "many"}}, "wrong_parameter_type"),
    "the platform's parameter": ("nb.ipynb", {"parameters": {"output_dir": "/"}}, "reserved_parameter"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_run_is_refused_and_makes_no_job(case: str, client: httpx.Client) -> None:
    entrypoint, config, code = BAD[case]
    answer = post_job(client, submission(client, entrypoint), config)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert client.get("/jobs").json()["total"] == 0


def test_parameters_need_a_parameters_cell(client: httpx.Client) -> None:
    answer = post_job(client, submission(client, "nb.ipynb", parameters=None), {"parameters": {"epochs": 1}})
    assert (answer.status_code, answer.json()["code"]) == (400, "no_parameters_cell")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"submission_id": 1}', b"{", b'{"submission_id": "x", "config": 1}'])
def test_a_body_that_cannot_be_read_is_refused(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/jobs", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_unknown_submissions_and_jobs_are_refused(client: httpx.Client) -> None:
    answer = post_job(client, "none-such")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_submission")
    for path in ("status", "logs", "results", "events", "files", "notebook", "visualizations"):
        answer = client.get(f"/jobs/none-such/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_job")
    assert client.post("/jobs/none-such/cancel").status_code == 404


def test_the_same_key_gives_the_same_job(client: httpx.Client) -> None:
    submission_id = submission(client)
    first = post_job(client, submission_id, **{"Idempotency-Key": "one"})
    second = post_job(client, submission_id, **{"Idempotency-Key": "one"})
    assert first.json() == second.json()
    other = post_job(client, submission_id, {"resource_class": "medium"}, **{"Idempotency-Key": "one"})
    assert other.status_code == 409
    assert client.get("/jobs").json()["total"] == 1


def test_nobody_sees_or_cancels_the_job_of_another(new_client: Callable[..., httpx.Client]) -> None:
    mine, other, boss = new_client(), new_client(), new_client("boss-token")
    job_id = post_job(mine, submission(mine)).json()["job_id"]
    assert other.get(f"/jobs/{job_id}/status").status_code == 404
    assert other.post(f"/jobs/{job_id}/cancel").status_code == 404
    assert other.get("/jobs", params={"user_id": mine.get("/whoami").json()["user_id"]}).json()["total"] == 0
    assert boss.get(f"/jobs/{job_id}/status").status_code == 200


def test_a_waiting_job_is_cancelled_at_once_and_stays_so(client: httpx.Client) -> None:
    job_id = post_job(client, submission(client)).json()["job_id"]
    first, second = client.post(f"/jobs/{job_id}/cancel"), client.post(f"/jobs/{job_id}/cancel")
    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert second.json()["status"] == "cancelled"


def test_the_event_stream_of_an_ended_job_ends(client: httpx.Client) -> None:
    job_id = post_job(client, submission(client)).json()["job_id"]
    client.post(f"/jobs/{job_id}/cancel")
    text = client.get(f"/jobs/{job_id}/events").text
    assert text.startswith("event: end\n")
    assert '"status":"cancelled"' in text


def test_lists_are_filtered_and_paged(client: httpx.Client) -> None:
    submission_id = submission(client)
    ids = [post_job(client, submission_id).json()["job_id"] for _ in range(3)]
    client.post(f"/jobs/{ids[0]}/cancel")
    page = client.get("/jobs", params={"status": "pending", "limit": 1, "offset": 1}).json()
    assert ([job["job_id"] for job in page["items"]], page["total"]) == ([ids[1]], 2)
    assert client.get("/jobs", params={"status": "odd"}).status_code == 400


def test_health_and_readiness_tell_what_is_away(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"]["database"] == "ok"
    assert ready.json()["checks"]["redis"] == "ok"
    assert "recorded" in ready.json()["checks"]["mlflow"]


def test_a_body_without_end_is_not_read(client: httpx.Client) -> None:
    answer = client.post("/jobs", content=b'{"submission_id": "' + b"x" * 2_000_000 + b'"}')
    assert answer.status_code == 413
