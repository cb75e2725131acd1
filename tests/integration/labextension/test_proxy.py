"""What the page sees of the API through the server half, and what it does not."""

import json
import time
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import quote

import psutil
import pytest
import uvicorn
from redis import Redis

from leadersboard.api.app import create_app
from leadersboard.settings import Settings
from tests.conftest import free_port
from tests.integration.conftest import ServedApi, wait_until
from tests.integration.labextension.conftest import Lab

Leave = Callable[[str, dict[str, bytes]], None]


def submitted(lab: Lab) -> str:
    answer = lab.submit()
    assert answer.status_code == 202, answer.text
    job_id: str = answer.json()["job_id"]
    return job_id


def test_the_page_learns_who_it_speaks_for(lab: Lab) -> None:
    about = lab.client.get("environment").json()
    assert (about["user_id"], about["organiser"]) == ("user150", False)
    assert (about["board_url"], about["mlflow_url"]) == ("/services/board", "")
    assert about["version"]


def test_all_that_a_page_needs_can_be_read(lab: Lab, outputs: Leave) -> None:
    job_id = submitted(lab)
    submission_id = lab.client.get(f"api/jobs/{job_id}/status").json()["submission_id"]
    outputs(job_id, {"executed.ipynb": b"{}", "scoring/scoring.ipynb": b"{}"})
    paths = ["benchmarks", "templates", "templates/padim", "jobs", "quota", "whoami", "leaderboard/demo-inspection"]
    paths += [f"jobs/{job_id}/{part}" for part in ("status", "logs", "files", "notebook", "scoring-notebook")]
    paths += [f"jobs/{job_id}/visualizations", f"submissions/{submission_id}"]
    statuses = {path: lab.client.get(f"api/{path}").status_code for path in paths}
    assert statuses == dict.fromkeys(paths, 200)
    # The API's own refusal, not this one's.
    assert lab.client.get(f"api/jobs/{job_id}/results").json()["code"] == "no_results"


def test_the_query_goes_on(lab: Lab) -> None:
    job_id = submitted(lab)
    submission_id = lab.client.get(f"api/jobs/{job_id}/status").json()["submission_id"]
    listed = lab.client.get("api/jobs", params={"submission_id": submission_id, "limit": 3}).json()
    assert ([item["job_id"] for item in listed["items"]], listed["limit"]) == ([job_id], 3)


def test_a_job_can_be_asked_for_again_and_cancelled(lab: Lab) -> None:
    submission_id = lab.client.get(f"api/jobs/{submitted(lab)}/status").json()["submission_id"]
    body = {"submission_id": submission_id, "config": {"parameters": {"seed": 3}}}
    first, again = (lab.client.post("api/jobs", json=body, headers={"Idempotency-Key": "again"}) for _ in range(2))
    assert first.status_code == 202, first.text
    assert first.json() == again.json()
    cancelled = lab.client.post(f"api/jobs/{first.json()['job_id']}/cancel")
    assert (cancelled.is_success, cancelled.json()["status"]) == (True, "cancelled")


def test_refusals_of_the_api_come_as_they_are(lab: Lab) -> None:
    of_the_api = lab.api.get("/jobs/unknown/status", headers={"Accept-Language": "ja"})
    here = lab.client.get("api/jobs/unknown/status", headers={"Accept-Language": "ja"})
    assert (here.status_code, here.json()) == (404, of_the_api.json())
    assert "unknown" in here.json()["detail"]


def test_users_do_not_see_each_others_jobs(lab: Lab, other_lab: Lab) -> None:
    job_id = submitted(lab)
    assert other_lab.client.get(f"api/jobs/{job_id}/status").status_code == 404
    assert other_lab.client.get("api/jobs").json()["total"] == 0


def test_files_are_found_through_the_server_half_and_are_harmless(lab: Lab, outputs: Leave) -> None:
    job_id = submitted(lab)
    contents = {
        "maps/a b 100%.png": b"\x89PNG",
        "欠陥.csv": b"a,b",
        "page.html": b"<script>alert(1)</script>",
        "executed.ipynb": b"{}",
    }
    outputs(job_id, contents)
    files = lab.client.get(f"api/jobs/{job_id}/files").json()["files"]
    assert {file["name"] for file in files} == contents.keys()
    for file in files:
        assert file["url"] == f"/user/anna/leadersboard/api/jobs/{job_id}/files/{quote(file['name'])}"
        answer = lab.client.get(lab.url.removesuffix("/user/anna") + file["url"])
        assert answer.content == contents[file["name"]]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert quote(PurePosixPath(file["name"]).name) in answer.headers["Content-Disposition"]
    shown = lab.client.get(f"api/jobs/{job_id}/visualizations").json()
    urls = [one["url"] for one in shown["artifacts"] + shown["csv_files"]]
    assert len(urls) == 3
    assert all(url.startswith("/user/anna/leadersboard/api/jobs/") for url in urls)


def test_events_come_one_by_one_and_the_stream_ends_with_the_job(lab: Lab) -> None:
    job_id = submitted(lab)
    with lab.client.stream("GET", f"api/jobs/{job_id}/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        # The job waits and the stream stays open: what is seen here was not kept back.
        assert next(line for line in lines if line.startswith("event:")) == "event: status"
        lab.client.post(f"api/jobs/{job_id}/cancel")
        rest = list(lines)
    assert [line for line in rest if line.startswith("event:")][-1] == "event: end"
    last = [line for line in rest if line.startswith("data:")][-1]
    assert json.loads(last.removeprefix("data:"))["status"] == "cancelled"


def test_when_the_page_goes_the_request_to_the_api_ends(lab: Lab, redis_dsn: str) -> None:
    job_id = submitted(lab)
    channel = f"leadersboard:job:{job_id}"
    with Redis.from_url(redis_dsn) as redis:
        watchers = lambda: dict(redis.pubsub_numsub(channel))[channel.encode()]  # noqa: E731
        with lab.client.stream("GET", f"api/jobs/{job_id}/events") as stream:
            # Kept in a name: what nobody holds is closed.
            chunks = stream.iter_bytes()
            next(chunks)
            wait_until(lambda: watchers() == 1)
        wait_until(lambda: watchers() == 0, 10)
    assert "Traceback" not in lab.log.read_text()


def test_a_large_file_passes_through_without_being_held(lab: Lab, outputs: Leave, settings: Settings) -> None:
    job_id = submitted(lab)
    size = 300 * 1024 * 1024
    outputs(job_id, {"large.npy": b"", "first.npy": b"x" * 1024 * 1024})
    large = next(path for path in settings.home_path.rglob("large.npy") if job_id in str(path))
    with large.open("r+b") as file:
        file.truncate(size)
    server = psutil.Process(lab.process.pid)
    lab.client.get(f"api/jobs/{job_id}/files/first.npy")
    before = most = server.memory_info().rss
    seen = 0
    with lab.client.stream("GET", f"api/jobs/{job_id}/files/large.npy") as stream:
        for chunk in stream.iter_raw(1024 * 1024):
            seen += len(chunk)
            # A page on a slow line, slower than the API: what it has not taken yet must wait outside.
            time.sleep(0.005)
            most = max(most, server.memory_info().rss)
    assert seen == size
    assert most - before < 50 * 1024 * 1024


@pytest.mark.parametrize("path", ["environment", "api/jobs", "api/jobs/x/events", "api/jobs/x/files", "executed/x"])
def test_an_api_that_is_away_is_said_to_be(lab_without_api: Lab, path: str) -> None:
    answer = lab_without_api.client.get(path, headers={"Accept-Language": "ja"})
    assert (answer.status_code, answer.json()["code"]) == (502, "api_unreachable")
    assert "応答しません" in answer.json()["detail"]


def test_an_api_that_comes_back_is_there_again(new_lab: Callable[..., Lab], settings: Settings) -> None:
    port = free_port()
    served = lambda: ServedApi(uvicorn.Config(create_app(settings), port=port, log_level="warning"))  # noqa: E731
    lab = new_lab(f"http://127.0.0.1:{port}", "token145")
    for _ in range(2):
        assert lab.client.get("environment").status_code == 502
        with served():
            assert lab.client.get("environment").json()["user_id"] == "user145"


def test_a_submit_while_the_api_is_away_says_so(lab_without_api: Lab) -> None:
    answer = lab_without_api.submit()
    assert (answer.status_code, answer.json()["code"]) == (502, "api_unreachable")


def test_a_wrong_token_is_the_apis_to_refuse(new_lab: Callable[..., Lab], api_url: str) -> None:
    answer = new_lab(api_url, "wrong-token").client.get("environment")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert "WWW-Authenticate" not in answer.headers
    assert "wrong-token" not in answer.text


def test_without_a_token_of_its_own_the_servers_hub_token_is_used(
    new_lab: Callable[..., Lab], api_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "token149")
    assert new_lab(api_url, "").client.get("environment").json()["user_id"] == "user149"


def test_settings_of_the_server_win_over_the_environment(new_lab: Callable[..., Lab], api_url: str) -> None:
    options = [f"--LeadersBoard.api_url={api_url}/", "--LeadersBoard.api_token=token148"]
    options += ["--LeadersBoard.mlflow_url=/services/mlflow"]
    lab = new_lab("http://127.0.0.1:1", "token147", *options)
    about = lab.client.get("environment").json()
    assert (about["user_id"], about["mlflow_url"]) == ("user148", "/services/mlflow")


@pytest.fixture
def lab_without_api(new_lab: Callable[..., Lab], unused_address: str, _without: list[Lab]) -> Lab:
    if not _without:
        _without.append(new_lab(unused_address, "token150"))
    return _without[0]


@pytest.fixture(scope="module")
def _without() -> list[Lab]:
    return []


@pytest.fixture(scope="module")
def unused_address() -> str:
    return f"http://127.0.0.1:{free_port()}"


def test_other_sites_may_not_read(lab: Lab) -> None:
    answer = lab.client.get("api/jobs", headers={"Origin": "http://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
