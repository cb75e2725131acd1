"""MLflow behind the hub: read by whoever is logged in, written by nobody."""

from collections.abc import Callable

import httpx
import pytest

from tests.conftest import command_of
from tests.integration.conftest import wait_until
from tests.integration.hub.conftest import Hub, answers
from tests.integration.hub.test_who_one_is import submit

VIEW = "/services/mlflow"


@pytest.fixture(scope="module")
def mlflow(hub: Hub) -> str:
    """Return the address that only this machine reaches MLflow at, once it answers."""
    url = f"http://127.0.0.1:{hub.environment['LEADERSBOARD_MLFLOW_PORT']}"
    wait_until(lambda: answers(f"{url}/health"), 90)
    return url


def reader(hub: Hub, user: str) -> httpx.Client:
    """Return a browser that has opened MLflow by way of the hub."""
    browser = hub.logged_in(user)
    assert "MLflow" in browser.get(f"{VIEW}/").text
    return browser


def test_its_page_asks_for_a_login_first(hub: Hub, mlflow: str) -> None:
    stranger = hub.browser()
    assert "/hub/login" in str(stranger.get(f"{VIEW}/").url)
    assert stranger.get(f"{VIEW}/ajax-api/2.0/mlflow/experiments/search").status_code == 401


def test_runs_are_read_but_not_written(hub: Hub, mlflow: str, new_user: Callable[[], str]) -> None:
    browser = reader(hub, new_user())
    api = f"{VIEW}/ajax-api/2.0/mlflow"

    found = browser.get(f"{api}/experiments/search", params={"max_results": 5})
    assert [one["name"] for one in found.json()["experiments"]]
    assert browser.post(f"{api}/runs/search", json={"experiment_ids": ["0"]}).status_code == 200

    for method, path, body in (
        ("POST", f"{api}/runs/create", {"experiment_id": "0"}),
        ("POST", f"{api}/experiments/create", {"name": "forged"}),
        ("POST", f"{api}/runs/log-metric", {"run_id": "x", "key": "image_auroc", "value": 1.0}),
        ("POST", f"{VIEW}/api/2.0/mlflow/runs/create", {"experiment_id": "0"}),
        ("PUT", f"{VIEW}/api/2.0/mlflow-artifacts/artifacts/0/x", None),
        ("GET", f"{VIEW}/api/2.0/mlflow-artifacts/artifacts", None),
        ("DELETE", f"{VIEW}/api/2.0/mlflow-artifacts/artifacts/0/x", None),
        ("PATCH", f"{api}/registered-models/update", {"name": "x"}),
        ("POST", f"{api}/runs/search/../create", {"experiment_id": "0"}),
        ("POST", f"{api}/runs%2Fcreate", {"experiment_id": "0"}),
    ):
        answer = browser.request(method, path, json=body)
        assert answer.status_code in (403, 404), (method, path, answer.text)
    assert (
        len(httpx.get(f"{mlflow}/api/2.0/mlflow/experiments/search", params={"max_results": 9}).json()["experiments"])
        <= 2
    )
    assert (
        httpx.post(f"{mlflow}/api/2.0/mlflow/runs/search", json={"experiment_ids": ["0"]}).json().get("runs", []) == []
    )


def test_the_files_of_a_run_are_for_its_user_and_organisers(hub: Hub, mlflow: str, new_user: Callable[[], str]) -> None:
    ann, bob = new_user(), new_user()
    client = hub.api(hub.token_of(ann))
    job_id = submit(client)
    wait_until(lambda: client.get(f"/jobs/{job_id}/status").json()["status"] not in ("pending", "running"), 120)
    wait_until(lambda: client.get(f"/jobs/{job_id}/status").json()["run_id"], 60)
    run_id = client.get(f"/jobs/{job_id}/status").json()["run_id"]
    listing = f"{VIEW}/ajax-api/2.0/mlflow/artifacts/list"

    for user, status in ((ann, 200), (bob, 404), ("olga", 200)):
        browser = reader(hub, user)
        assert browser.get(listing, params={"run_id": run_id}).status_code == status
    twice = reader(hub, bob).get(f"{listing}?run_id={run_id}&run_uuid=other")
    assert twice.status_code == 404
    assert reader(hub, bob).get(f"{VIEW}/get-artifact", params={"path": "log.txt"}).status_code == 404

    wait_until(lambda: reader(hub, ann).get(f"{VIEW}/get-artifact?path=log.txt&run_uuid={run_id}").status_code == 200)
    file = reader(hub, ann).get(f"{VIEW}/get-artifact?path=log.txt&run_uuid={run_id}")
    assert "sandbox" in file.headers["Content-Security-Policy"]


def test_without_mlflow_it_says_so(hub: Hub, mlflow: str, new_user: Callable[[], str]) -> None:
    browser = reader(hub, new_user())
    for process in hub.processes():
        if any("mlflow" in argument for argument in command_of(process)):
            process.kill()

    # The supervisor starts it again, which takes a while.
    answer = browser.get(f"{VIEW}/ajax-api/2.0/mlflow/experiments/search")

    assert (answer.status_code, answer.json()["code"]) == (503, "mlflow_unavailable")
    wait_until(lambda: browser.get(f"{VIEW}/ajax-api/2.0/mlflow/experiments/search?max_results=1").is_success, 90)
