"""POST /submissions: what is taken, what is refused, and that nothing is left of what is refused."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from leadersboard.settings import Settings
from tests.builders import SCRIPT_FILES, archive, form, notebook
from tests.integration.conftest import home_files

NOTEBOOK = {"nb.ipynb": notebook("print(1)", parameters="epochs = 1  # how long\n")}


def submit(client: httpx.Client, files: Any, headers: Mapping[str, str] | None = None, **fields: str) -> httpx.Response:
    return client.post("/submissions", files=form(files), data=fields, headers=headers)


def test_the_curl_call_of_the_original_is_accepted(new_client: Callable[..., httpx.Client]) -> None:
    client = new_client("devtoken")
    fields = {"entrypoint": "main.py", "config_file": "config.yaml", "metadata": '{"method":"padim"}'}
    answer = submit(client, SCRIPT_FILES, **fields)
    assert answer.status_code == 201
    assert answer.json()["user_id"] == "dev"
    kept = client.get(f"/submissions/{answer.json()['submission_id']}").json()
    assert kept["metadata"] == {"method": "padim"}
    assert [file["name"] for file in kept["files"]] == ["config.yaml", "main.py"]


def test_a_notebook_is_accepted_with_its_parameters(client: httpx.Client) -> None:
    answer = submit(client, NOTEBOOK, entrypoint="nb.ipynb")
    assert answer.status_code == 201
    (parameter,) = client.get(f"/submissions/{answer.json()['submission_id']}").json()["parameters"]
    assert parameter == {
        "name": "epochs",
        "kind": "integer",
        "default": 1,
        "choices": [],
        "help": "how long",
        "expected": "a whole number",
        "fixed": False,
    }


def test_metadata_may_name_the_entrypoint_and_config_file(client: httpx.Client) -> None:
    files = {"run.py": b"", "my.yaml": b""}
    answer = submit(client, files, metadata='{"entrypoint": "run.py", "config_file": "my.yaml"}')
    assert answer.status_code == 201


def test_an_archive_is_unpacked(client: httpx.Client) -> None:
    answer = submit(client, {"all.zip": archive({**SCRIPT_FILES, "pkg/mod.py": b"x = 1\n"})})
    kept = client.get(f"/submissions/{answer.json()['submission_id']}").json()
    assert [file["name"] for file in kept["files"]] == ["config.yaml", "main.py", "pkg/mod.py"]


ZEROS = bytes(10_000_000)
BAD: dict[str, tuple[Any, dict[str, str], str]] = {
    "no files": ([], {}, "no_files"),
    "climbing name": ({"../main.py": b""}, {}, "invalid_file_name"),
    "absolute name": ({"/etc/main.py": b""}, {}, "invalid_file_name"),
    "over-long name": ({"x" * 300 + ".py": b""}, {}, "invalid_file_name"),
    "other type": ({"run.exe": b""}, {}, "unsupported_file_type"),
    "twice the same": ([("main.py", b"1"), ("main.py", b"2")], {}, "duplicate_file"),
    "no entrypoint": ({"config.yaml": b""}, {}, "missing_entrypoint"),
    "another entrypoint": (SCRIPT_FILES, {"entrypoint": "other.py"}, "missing_entrypoint"),
    "entrypoint that is none": (SCRIPT_FILES, {"entrypoint": "config.yaml"}, "unsupported_entrypoint"),
    "no config file": ({"main.py": b""}, {}, "missing_config_file"),
    "another config file": (SCRIPT_FILES, {"config_file": "x.yaml"}, "missing_config_file"),
    "metadata is a list": (SCRIPT_FILES, {"metadata": "[1]"}, "invalid_metadata"),
    "metadata is not JSON": (SCRIPT_FILES, {"metadata": "{"}, "invalid_metadata"),
    "metadata names no text": (SCRIPT_FILES, {"metadata": '{"entrypoint": 1}'}, "invalid_metadata"),
    "file too large": ({**SCRIPT_FILES, "big.npy": bytes(200_001)}, {}, "file_too_large"),
    "all too large": ({**SCRIPT_FILES, **{f"{n}.npy": bytes(190_000) for n in range(3)}}, {}, "upload_too_large"),
    "far too large": ({"big.npy": bytes(3_000_000)}, {}, "file_too_large"),
    "archive too large": ({"a.zip": bytes(600_000)}, {}, "upload_too_large"),
    "far too many files": ({f"{number}.py": b"" for number in range(500)}, {}, "too_many_files"),
    "program as text": ({"main.py": b"\x7fELF\x00"}, {}, "content_mismatch"),
    "page as picture": ({**SCRIPT_FILES, "a.png": b"<script>"}, {}, "content_mismatch"),
    "pickle as array": ({**SCRIPT_FILES, "a.npy": b"\x80\x04"}, {}, "content_mismatch"),
    "page as picture in a zip": ({"a.zip": archive({**SCRIPT_FILES, "a.png": b"<script>"})}, {}, "content_mismatch"),
    "metadata too deep": (SCRIPT_FILES, {"metadata": '{"a":' * 40 + "1" + "}" * 40}, "invalid_metadata"),
    "metadata with half a character": (SCRIPT_FILES, {"metadata": '{"a": "\\ud800"}'}, "invalid_metadata"),
    "metadata with NUL": (SCRIPT_FILES, {"metadata": '{"a\\u0000": 1}'}, "invalid_metadata"),
    "metadata past all numbers": (SCRIPT_FILES, {"metadata": '{"a": 1e999}'}, "invalid_metadata"),
    "too many files": ({f"{number}.py": b"" for number in range(21)}, {}, "too_many_files"),
    "zip bomb": ({"bomb.zip": archive({"main.py": ZEROS})}, {}, "unreadable_archive"),
    "zip with too many": ({"a.zip": archive({f"{n}.py": b"" for n in range(21)})}, {}, "too_many_files"),
    "zip that climbs": ({"a.zip": archive({"../main.py": b""})}, {}, "invalid_file_name"),
    "zip in a zip": ({"a.zip": archive({"b.zip": archive({})})}, {}, "unreadable_archive"),
    "zip that is none": ({"a.zip": b"PK\x03\x04rubbish"}, {}, "unreadable_archive"),
    "zip over a file": ([*SCRIPT_FILES.items(), ("a.zip", archive({"main.py": b""}))], {}, "duplicate_file"),
    "notebook is not JSON": ({"nb.ipynb": b"hello"}, {"entrypoint": "nb.ipynb"}, "unreadable_notebook"),
    "notebook of format 3": (
        {"nb.ipynb": b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}'},
        {"entrypoint": "nb.ipynb"},
        "unreadable_notebook",
    ),
    "notebook that is no notebook": (
        {"nb.ipynb": b'{"nbformat": 4}'},
        {"entrypoint": "nb.ipynb"},
        "unreadable_notebook",
    ),
    "notebook too deep": ({"nb.ipynb": b"[" * 90_000}, {"entrypoint": "nb.ipynb"}, "unreadable_notebook"),
    "notebook too large": ({"nb.ipynb": b" " * 100_001}, {"entrypoint": "nb.ipynb"}, "file_too_large"),
    "parameters that are not Python": (
        {"nb.ipynb": notebook(parameters="a = = 1")},
        {"entrypoint": "nb.ipynb"},
        "unreadable_parameters_cell",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_refused_with_a_sentence_and_leaves_nothing(
    case: str, client: httpx.Client, settings: Settings
) -> None:
    files, fields, code = BAD[case]
    before = home_files(settings)
    answer = submit(client, files, **fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert len(answer.json()["detail"]) > 20
    assert client.get("/submissions").json()["total"] == 0
    assert home_files(settings) == before


def test_sentences_come_in_japanese_for_those_who_read_it(client: httpx.Client) -> None:
    answer = submit(client, {"main.py": b""}, headers={"Accept-Language": "ja,en;q=0.5"})
    assert "設定ファイル" in answer.json()["detail"]


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic dXNlcjpwdw==", "devtoken"])
def test_a_bad_token_is_refused(api_url: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = httpx.post(f"{api_url}/submissions", files=form(SCRIPT_FILES), headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_the_same_key_gives_the_same_submission_and_another_content_a_conflict(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "one"}
    first, second = submit(client, SCRIPT_FILES, key), submit(client, SCRIPT_FILES, key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert submit(client, {**SCRIPT_FILES, "main.py": b"other"}, key).status_code == 409
    assert client.get("/submissions").json()["total"] == 1


def test_one_key_sent_many_times_at_once_gives_one_submission(client: httpx.Client, settings: Settings) -> None:
    before = len(home_files(settings))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: submit(client, SCRIPT_FILES, {"Idempotency-Key": "k"}), range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["submission_id"] for answer in answers}) == 1
    assert len(home_files(settings)) == before + 2


def test_parallel_posts_at_the_edge_give_exactly_the_limit(client: httpx.Client, settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: submit(client, SCRIPT_FILES), range(50)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == settings.max_submissions_per_hour
    assert statuses.count(429) == 50 - settings.max_submissions_per_hour
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    # Within the first minute of the hour that they stay in.
    assert refused.json()["detail"].endswith("The next is possible in 1 hour.")
    japanese = submit(client, SCRIPT_FILES, headers={"Accept-Language": "ja"}).json()["detail"]
    assert japanese.endswith("次は1時間後に提出できます。")
    quota = client.get("/quota").json()
    assert quota["submissions"]["used"] == settings.max_submissions_per_hour
    assert (quota["submissions"]["next_allowed"], quota["submissions"]["window_seconds"]) == ("in 1 hour", 3600)
    assert quota["submissions"]["next_allowed_at"] is not None
    assert len(quota["ledger"]) == settings.max_submissions_per_hour


def test_somebody_elses_submission_is_unknown_but_not_to_organisers(new_client: Callable[..., httpx.Client]) -> None:
    mine, other, boss = new_client(), new_client(), new_client("boss-token")
    submission_id = submit(mine, SCRIPT_FILES).json()["submission_id"]
    assert other.get(f"/submissions/{submission_id}").status_code == 404
    assert boss.get(f"/submissions/{submission_id}").status_code == 200
    assert other.post("/jobs", json={"submission_id": submission_id}).status_code == 400


def test_a_job_cancelled_before_it_starts_gives_the_submission_back_until_it_is_run_again(client: httpx.Client) -> None:
    submission_id = submit(client, SCRIPT_FILES).json()["submission_id"]
    job_id = client.post("/jobs", json={"submission_id": submission_id}).json()["job_id"]
    assert client.get("/quota").json()["submissions"]["used"] == 1
    client.post(f"/jobs/{job_id}/cancel")

    quota = client.get("/quota").json()
    assert quota["submissions"]["used"] == 0
    (entry,) = quota["ledger"]
    assert (entry["returned_for"], entry["job_id"]) == ("cancelled_before_start", job_id)

    client.post("/jobs", json={"submission_id": submission_id})
    quota = client.get("/quota").json()
    assert quota["submissions"]["used"] == 1
    assert [one["charged_for"] for one in quota["ledger"]] == ["another_job", "submission"]
