"""A click on Submit, from the saved file to the job in the API."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import httpx
import pytest

from tests.builders import notebook
from tests.integration.labextension.conftest import Lab, wish


def submissions(lab: Lab) -> list[dict[str, Any]]:
    """Return the user's submissions, as the API itself lists them."""
    answer: list[dict[str, Any]] = lab.api.get("/submissions", params={"limit": 500}).json()["items"]
    return answer


def test_what_was_saved_is_what_waits_to_run(lab: Lab) -> None:
    content = notebook("print('saved')")
    answer = lab.submit("work/欠陥 検査.ipynb", content, config={"resource_class": "medium", "parameters": {"seed": 7}})
    assert answer.status_code == 202, answer.text
    assert answer.json().keys() == {"job_id", "submission_id", "status"}
    submission = lab.api.get(f"/submissions/{answer.json()['submission_id']}").json()
    assert submission["user_id"] == "user150"
    assert submission["entrypoint"] == "欠陥 検査.ipynb"
    assert submission["metadata"] == {"source": "jupyterlab"}
    assert [file["sha256"] for file in submission["files"]] == [sha256(content).hexdigest()]
    job = lab.api.get(f"/jobs/{answer.json()['job_id']}/status").json()
    assert (job["status"], job["resource_class"], job["parameters"]["seed"]) == ("pending", "medium", 7)


def test_a_notebook_that_changed_after_the_click_is_not_submitted(other_lab: Lab) -> None:
    digest = other_lab.write("mine.ipynb", notebook("print('seen')"))
    other_lab.write("mine.ipynb", notebook("print('not seen')"))
    answer = other_lab.client.post("submit", json=wish("mine.ipynb", digest))
    assert (answer.status_code, answer.json()["code"]) == (409, "notebook_changed")
    assert jobs_of(other_lab) == []


def test_two_clicks_at_once_submit_once(other_lab: Lab) -> None:
    body = wish("mine.ipynb", other_lab.write("mine.ipynb", notebook("print(1)")))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: other_lab.client.post("submit", json=body), range(8)))
    assert [answer.status_code for answer in answers] == [202] * 8, [answer.text for answer in answers]
    assert len({answer.json()["job_id"] for answer in answers}) == 1
    assert len(jobs_of(other_lab)) == 1
    assert len(submissions(other_lab)) == 1


def test_the_same_key_later_gives_the_same_job(lab: Lab) -> None:
    content = notebook("print('once')")
    first, again = (lab.submit(content=content, idempotency_key="one-click") for _ in range(2))
    assert first.json()["job_id"] == again.json()["job_id"]
    other = lab.submit(content=notebook("print('other')"), idempotency_key="one-click")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_extra_files_lie_where_the_notebook_looks_for_them(lab: Lab) -> None:
    lab.write("work/package/model.py", b"size = 3\n")
    lab.write("elsewhere/table.csv", "größe\r\n1\r\n".encode("latin-1"))
    extra = ["work/package/model.py", "/elsewhere/table.csv", "work/mine.ipynb"]
    answer = lab.submit("work/mine.ipynb", files=extra)
    assert answer.status_code == 202, answer.text
    files = lab.api.get(f"/submissions/{answer.json()['submission_id']}").json()["files"]
    digests = {file["name"]: file["sha256"] for file in files}
    assert digests.keys() == {"mine.ipynb", "package/model.py", "table.csv"}
    assert digests["table.csv"] == sha256("größe\r\n1\r\n".encode("latin-1")).hexdigest()


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("gone.py", "no_such_file"),
        ("../outside.py", "no_such_file"),
        (".hidden.py", "no_such_file"),
        ("folder", "unreadable_file"),
        ("huge.pt", "file_too_large"),
    ],
)
def test_an_extra_file_that_cannot_be_sent_is_named_and_nothing_is_submitted(lab: Lab, extra: str, code: str) -> None:
    lab.write(".hidden.py", b"secret = 1")
    lab.write("../outside.py", b"secret = 2")
    (lab.root / "folder").mkdir(exist_ok=True)
    with (lab.root / "huge.pt").open("wb") as huge:
        huge.truncate(100 * 1024 * 1024 + 1)
    before = len(submissions(lab))
    answer = lab.submit(files=[extra])
    assert (answer.json()["code"], answer.json()["field"]) == (code, "files")
    assert extra in answer.json()["detail"]
    assert len(submissions(lab)) == before


@pytest.mark.parametrize("size", [250_000, 20_000_000, 90_000_000])
def test_what_is_too_large_for_the_api_is_its_to_refuse(lab: Lab, size: int) -> None:
    # The larger ones are refused while they are still on their way.
    lab.write("weights.pt", bytes(size))
    answer = lab.submit(files=["weights.pt"])
    (lab.root / "weights.pt").unlink()
    assert answer.status_code in (400, 413), answer.text
    assert (answer.json()["code"], answer.json()["field"]) in {
        ("file_too_large", "files"),
        ("upload_too_large", "files"),
    }


def test_a_contents_manager_that_waits_serves_as_well_and_gives_no_hidden_file_away(poor_lab: Lab) -> None:
    assert poor_lab.submit("there/already.ipynb").status_code == 202
    answer = poor_lab.submit(files=[".hidden"])
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_file")


def test_a_notebook_that_is_not_there_cannot_be_submitted(lab: Lab) -> None:
    answer = lab.client.post("submit", json=wish("never-saved.ipynb", "0" * 64))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_file")


def test_a_wrong_parameter_is_said_at_its_field_and_put_right_with_the_same_key(lab: Lab) -> None:
    before = len(submissions(lab))
    content = notebook("print(seed)")
    wrong = lab.submit(content=content, idempotency_key="typo", config={"parameters": {"seed": "seven"}})
    assert (wrong.status_code, wrong.json()["field"]) == (400, "parameters.seed")
    right = lab.submit(content=content, idempotency_key="typo", config={"parameters": {"seed": 7}})
    assert right.status_code == 202, right.text
    assert len(submissions(lab)) == before + 1


def test_a_used_up_quota_says_when_the_next_is_possible(other_lab: Lab) -> None:
    answers = [other_lab.submit() for _ in range(31)]
    assert [answer.status_code for answer in answers] == [202] * 30 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].json()["code"] == "submission_quota_exceeded"


def test_what_is_wrong_is_said_in_the_language_of_the_page(lab: Lab) -> None:
    body = wish("gone.ipynb", "0" * 64)
    own = lab.client.post("submit", json=body, headers={"Accept-Language": "ja,en;q=0.5"})
    assert "ありません" in own.json()["detail"]
    digest = lab.write("mine.ipynb", notebook("1"))
    body = wish("mine.ipynb", digest, config={"benchmark": "gone"})
    of_the_api = lab.client.post("submit", json=body, headers={"Accept-Language": "ja"})
    assert "ありません" in of_the_api.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"not json",
        b'{"path": 3}',
        json.dumps(wish("a.ipynb", "0" * 64, files="all")).encode(),
        json.dumps(wish("a.ipynb", "0" * 64, config=[])).encode(),
        json.dumps(wish("a.ipynb", "0" * 64, idempotency_key="line\r\nX-Other: 1")).encode(),
        b'{"path": "' + b"a" * 1024 * 1024 + b'"}',
    ],
)
def test_a_request_that_cannot_be_read_is_refused(lab: Lab, body: bytes) -> None:
    answer = lab.client.post("submit", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("route", ["submit", "start", "inspect", "api/jobs", "api/jobs/x/cancel"])
def test_another_site_cannot_post_in_the_users_name(lab: Lab, route: str) -> None:
    body = wish("mine.ipynb", lab.write("mine.ipynb", notebook("print('forged')")))
    cookies = dict(lab.client.cookies)
    forged = httpx.post(f"{lab.url}/leadersboard/{route}", json=body, cookies=cookies)
    assert (forged.status_code, forged.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("route", ["environment", "api/jobs", "origin?path=a.ipynb", "compare?path=a", "executed/x"])
def test_nobody_reads_without_a_login(lab: Lab, route: str) -> None:
    answer = httpx.get(f"{lab.url}/leadersboard/{route}")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def jobs_of(lab: Lab) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = lab.client.get("api/jobs").json()["items"]
    return answer
