"""Uploads that are not meant to be read: each is refused while it comes in, and little of it is ever held."""

import json
import logging
import socket
import tracemalloc
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from leadersboard.settings import Settings
from tests.builders import SCRIPT_FILES, form
from tests.integration.conftest import home_files, wait_until

BOUNDARY = b"------------------------boundary"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
MIB = 1024**2


def part(disposition: str, content: bytes = b"", *headers: bytes) -> bytes:
    lines = [b"--" + BOUNDARY, f"Content-Disposition: form-data; {disposition}".encode(), *headers, b"", content]
    return b"\r\n".join(lines) + b"\r\n"


END = b"--" + BOUNDARY + b"--\r\n"


def answer_to(api_url: str, token: str, *sent: bytes) -> tuple[int, str]:
    """Announce 200 MiB, send only what is `sent`, and return status and text of the answer that comes all the same."""
    address = urlsplit(api_url)
    head = (
        f"POST /submissions HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {FORM['Content-Type']}\r\nContent-Length: {200 * MIB}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(head.encode())
        for data in sent:
            connection.sendall(data)
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read().decode()


def post(client: httpx.Client, *chunks: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return client.post("/submissions", content=iter(chunks), headers={**FORM, **(headers or {})})


START = part('name="files"; filename="big.csv"')[: -len(b"\r\n")]


def test_a_file_is_not_read_past_its_limit(api_url: str, client: httpx.Client, settings: Settings) -> None:
    before = home_files(settings)
    token = client.headers["Authorization"].removeprefix("Bearer ")
    status, text = answer_to(api_url, token, START, b"x" * (settings.max_file_bytes + 1000))
    assert (status, json.loads(text)["code"]) == (400, "file_too_large")
    assert home_files(settings) == before


def test_nothing_is_read_of_somebody_unknown(api_url: str) -> None:
    assert answer_to(api_url, "wrong")[0] == 401
    inspected = httpx.post(f"{api_url}/notebooks/inspect", content=iter([b"x"]), headers=FORM)
    assert inspected.status_code == 401


def test_nothing_is_read_of_somebody_past_the_limit(api_url: str, client: httpx.Client, settings: Settings) -> None:
    for _ in range(settings.max_submissions_per_hour):
        assert client.post("/submissions", files=form(SCRIPT_FILES)).status_code == 201
    token = client.headers["Authorization"].removeprefix("Bearer ")
    assert answer_to(api_url, token)[0] == 429


def test_an_upload_without_end_is_answered_and_what_still_comes_is_thrown_away(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        yield START
        for _ in range(30):
            yield b"x" * MIB

    answer = client.post("/submissions", content=endless(), headers=FORM)
    assert (answer.status_code, answer.json()["code"]) == (400, "file_too_large")
    assert client.get("/submissions").json()["total"] == 0


@pytest.mark.parametrize(
    ("chunks", "code"),
    [
        ([END], "no_files"),
        ([b""], "malformed_upload"),
        ([b"rubbish"], "malformed_upload"),
        ([part('name="files"; filename="main.py"', b"x")], "malformed_upload"),
        ([part('name="files"', b"x"), END], "malformed_upload"),
        ([part('name="metadata"', b"x" * 200_000), END], "malformed_upload"),
        ([part('name="files"; filename="main.py"', b"x", *[b"X-More: y"] * 50), END], "malformed_upload"),
        ([part('name="files"; filename="main.py"', b"x", b"X: " + b"y" * 100_000), END], "malformed_upload"),
        ([part(f'name="field{number}"', b"") for number in range(500)] + [END], "too_many_files"),
        ([part('name="files"; filename=""', b"x"), END], "invalid_file_name"),
        ([part('name="files"; filename="\xff\xfe.py"', b"x"), END], "missing_entrypoint"),
    ],
    ids=range(11),
)
def test_a_form_that_makes_no_sense_is_refused_with_a_sentence(
    chunks: list[bytes], code: str, client: httpx.Client
) -> None:
    answer = post(client, *chunks)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "kind", ["", "application/json", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 300]
)
def test_what_is_no_form_is_refused(kind: str, client: httpx.Client) -> None:
    answer = client.post("/submissions", content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) in [(400, "no_files"), (400, "malformed_upload")]


def test_fields_and_files_that_nobody_asked_for_are_not_kept(client: httpx.Client) -> None:
    files = [*form(SCRIPT_FILES), ("other", ("evil.exe", b"x" * 1000))]
    answer = client.post("/submissions", files=files, data={"more": "text"})
    assert answer.status_code == 201
    kept = client.get(f"/submissions/{answer.json()['submission_id']}").json()
    assert [file["name"] for file in kept["files"]] == ["config.yaml", "main.py"]


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(
    client: httpx.Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    class Gone(Exception):
        pass

    def body() -> Iterator[bytes]:
        yield part('name="files"; filename="main.py"', bytes(100_000))
        raise Gone

    before = {path for path in settings.home_path.rglob("*") if path.is_file()}
    with caplog.at_level(logging.ERROR), pytest.raises(Gone):
        client.post("/submissions", content=body(), headers=FORM)
    wait_until(lambda: client.get("/healthz").is_success)
    assert {path for path in settings.home_path.rglob("*") if path.is_file()} - before == set()
    assert "Traceback" not in caplog.text


def test_many_large_files_are_never_in_memory_together(
    new_client: Callable[..., httpx.Client], settings: Settings
) -> None:
    client = new_client()
    files = {f"{number}.csv": b"x" * 190_000 for number in range(2)}
    tracemalloc.start()
    try:
        answers = [client.post("/submissions", files=form({**SCRIPT_FILES, **files})) for _ in range(10)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {answer.status_code for answer in answers} == {201}
    # Client and server share this process: both together hold less than all that was sent.
    assert peak < 10 * 2 * 190_000 * 2


def test_uploads_wait_on_the_disk_that_submissions_are_kept_on(settings: Settings, client: httpx.Client) -> None:
    client.post("/submissions", files=form({**SCRIPT_FILES, "a.csv": b"x" * 150_000}))
    assert not [path for path in Path(settings.home_path).iterdir() if path.name.startswith("tmp")]
