"""What organisers ask of the API, and that nobody else may."""

from collections.abc import Callable

import httpx
import pytest

from tests.builders import SCRIPT_FILES, form

GETS = ("/organise/overview", "/organise/log")
POSTS = ("hide", "show", "cancel", "run-again")


def pending_job(client: httpx.Client) -> str:
    submission = client.post("/submissions", files=form(SCRIPT_FILES)).json()["submission_id"]
    job_id: str = client.post("/jobs", json={"submission_id": submission}).json()["job_id"]
    return job_id


@pytest.fixture
def boss(new_client: Callable[..., httpx.Client]) -> httpx.Client:
    return new_client("boss-token")


def test_nobody_but_organisers_may(client: httpx.Client) -> None:
    job_id = pending_job(client)
    answers = [client.get(path) for path in GETS]
    answers += [client.post(f"/organise/jobs/{job_id}/{deed}", json={"reason": "x"}) for deed in POSTS]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "not_allowed")}
    japanese = client.get(GETS[0], headers={"Accept-Language": "ja"}).json()["detail"]
    assert "主催者" in japanese
    assert client.get(f"/jobs/{job_id}/status").json()["status"] == "pending"


def test_the_overview_shows_the_queue_and_who_waits(client: httpx.Client, boss: httpx.Client) -> None:
    before = boss.get("/organise/overview").json()
    job_id = pending_job(client)
    user = client.get("/whoami").json()["user_id"]
    overview = boss.get("/organise/overview").json()
    waiting = {one["resource_class"]: one["waiting"] for one in overview["queue"]}
    assert sum(waiting.values()) == sum(one["waiting"] for one in before["queue"]) + 1
    assert all(one["oldest_seconds"] >= 0 for one in overview["queue"])
    (own,) = (one for one in overview["participants"] if one["user_id"] == user)
    assert (own["charged"], own["waiting"], own["running"]) == (1, 1, 0)
    assert overview["quota"] == {"submissions_per_hour": 30, "running_jobs": 2}
    client.post(f"/jobs/{job_id}/cancel")


def test_a_job_is_cancelled_and_run_again_with_entries_in_the_log(client: httpx.Client, boss: httpx.Client) -> None:
    job_id = pending_job(client)
    early = boss.post(f"/organise/jobs/{job_id}/run-again")
    assert (early.status_code, early.json()["code"]) == (409, "job_not_over")
    cancelled = boss.post(f"/organise/jobs/{job_id}/cancel", json={"reason": "the disk is full"})
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    again = [boss.post(f"/organise/jobs/{job_id}/run-again", headers={"Idempotency-Key": "1"}) for _ in range(2)]
    assert [one.status_code for one in again] == [202, 202]
    new = again[0].json()["job_id"]
    assert again[1].json()["job_id"] == new
    status = client.get(f"/jobs/{new}/status").json()
    assert (status["user_id"], status["status"]) == (client.get("/whoami").json()["user_id"], "pending")
    # The cancelled job's charge was given back, and running it again has made none.
    assert client.get("/quota").json()["submissions"]["used"] == 0
    entries = [one for one in boss.get("/organise/log").json()["items"] if one["job_id"] == job_id]
    assert [(one["who"], one["deed"]) for one in entries] == [("boss", "run_again"), ("boss", "cancel")]
    assert entries[1]["reason"] == "the disk is full"
    client.post(f"/jobs/{new}/cancel")


def test_cancelling_anothers_job_the_usual_way_is_logged_as_well(client: httpx.Client, boss: httpx.Client) -> None:
    job_id = pending_job(client)
    assert boss.post(f"/jobs/{job_id}/cancel").status_code == 200
    assert boss.get("/organise/log", params={"limit": 1}).json()["items"][0]["job_id"] == job_id


def test_a_row_is_hidden_with_a_reason_and_only_where_there_is_one(client: httpx.Client, boss: httpx.Client) -> None:
    job_id = pending_job(client)
    for body in ({}, {"reason": " "}, {"reason": "x" * 401}):
        answer = boss.post(f"/organise/jobs/{job_id}/hide", json=body)
        assert (answer.status_code, answer.json()["field"]) == (400, "reason")
    answer = boss.post(f"/organise/jobs/{job_id}/hide", json={"reason": "why"})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_row_to_hide")
    assert boss.post("/organise/jobs/none/hide", json={"reason": "why"}).status_code == 404
    assert boss.post(f"/organise/jobs/{job_id}/show").json() == {"job_id": job_id, "hidden": False, "reason": None}
    client.post(f"/jobs/{job_id}/cancel")


def test_resource_classes_are_listed_the_smallest_first(client: httpx.Client) -> None:
    listed = client.get("/resource-classes").json()
    assert [one["name"] for one in listed] == ["small", "medium"]
    assert listed[0]["wall_seconds"] == 1800


WRONG_FORMS = {
    "files": {"data": {"entrypoint": "main.py"}},
    "entrypoint": {"files": form(SCRIPT_FILES), "data": {"entrypoint": "other.py"}},
    "config_file": {"files": form(SCRIPT_FILES), "data": {"config_file": "other.yaml"}},
    "metadata": {"files": form(SCRIPT_FILES), "data": {"metadata": "["}},
}


@pytest.mark.parametrize("field", WRONG_FORMS)
def test_what_is_wrong_with_a_form_is_said_of_its_field(field: str, client: httpx.Client) -> None:
    answer = client.post("/submissions", **WRONG_FORMS[field])  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["field"]) == (400, field)
