"""Who gets to see which credential. What stands behind the server half here says all that it was sent."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.builders import notebook
from tests.integration.labextension.conftest import JUPYTER_TOKEN, Lab, raw_get, wish

API_TOKEN = "a-token-for-the-api-alone"


@dataclass
class Behind:
    """An HTTP server in the API's place: it remembers requests, and answers as it is told."""

    url: str = ""
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    cut_off: bool = False


def _handler(behind: Behind) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            behind.seen.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(behind.status)
            for name, value in behind.headers.items():
                self.send_header(name, value)
            if behind.cut_off:
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(b"5\r\nhello\r\n")
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.send_header("Content-Length", str(len(behind.body)))
            self.end_headers()
            self.wfile.write(behind.body)

        do_GET = _answer  # noqa: N815 - named by the standard library
        do_POST = _answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def _served() -> Iterator[Behind]:
    behind = Behind()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(behind)) as server:
        behind.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield behind
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def _behind() -> Iterator[Behind]:
    with _served() as behind:
        yield behind


@pytest.fixture(scope="module")
def _labs() -> list[Lab]:
    return []


@pytest.fixture
def behind(_behind: Behind) -> Behind:
    fresh = Behind()
    _behind.seen, _behind.status, _behind.headers = fresh.seen, fresh.status, fresh.headers
    _behind.body, _behind.cut_off = fresh.body, fresh.cut_off
    return _behind


@pytest.fixture
def spied(new_lab: Callable[..., Lab], behind: Behind, _labs: list[Lab]) -> Lab:
    """A Jupyter server that logs all it can."""
    if not _labs:
        _labs.append(new_lab(behind.url, API_TOKEN, log_level="DEBUG"))
    return _labs[0]


def everything(answer: httpx.Response) -> str:
    return f"{answer.headers}{answer.text}"


@pytest.mark.parametrize(
    "path",
    [
        "api/",
        "api/healthz",
        "api/openapi.json",
        "api/metrics",
        "api/submissions",
        "api/benchmarks/../whoami",
        "api/../api/whoami",
        "api//whoami",
        "api/whoami/",
        "api/whoami%2f",
        "api/%77hoami",
        "api/whoami%3Fx=1",
        "api/jobs/a%2Fb/status",
        "api/jobs/../status",
        "api/jobs/%2e%2e/status",
        "api/jobs/./whoami",
        "api/jobs/x/cancel",
        "api/jobs/x/files/",
        "api/jobs/x/files/../../../whoami",
        "api/jobs/x/files/%2e%2e/%2e%2e/%2e%2e/whoami",
        "api/jobs/x/files/a%2Fb.png",
        "api/jobs/x/files/a%5cb.png",
        "api/jobs/x/files/a%00.png",
        "api/jobs/x/files/%ff.png",
        "api/jobs/x/files//etc/passwd",
        "executed/a%2Fb",
        "executed/..",
    ],
)
def test_nothing_else_can_be_read(spied: Lab, behind: Behind, path: str) -> None:
    # 400 where the Jupyter server itself cannot read the path.
    assert raw_get(spied, path) in (400, 404)
    assert behind.seen == []


@pytest.mark.parametrize("path", ["api/submissions", "api/jobs/x", "api/whoami", "api/jobs//cancel", "api/benchmarks"])
def test_nothing_else_can_be_posted_to(spied: Lab, behind: Behind, path: str) -> None:
    assert spied.client.post(path, json={}).status_code == 404
    assert behind.seen == []


def test_a_name_of_a_file_reaches_the_api_as_one_name(spied: Lab, behind: Behind) -> None:
    for name in ("a%20b.png", "100%25.png", "a%3Fx=1.png", "%2525.png", "folder/%E6%AC%A0.png", "a;b&c.png"):
        assert raw_get(spied, f"api/jobs/x/files/{name}?token=t&n=%26") == 200
    asked = [path.removeprefix("/jobs/x/files/").removesuffix("?n=%26") for _, path, _ in behind.seen]
    assert asked == ["a%20b.png", "100%25.png", "a%3Fx%3D1.png", "%2525.png", "folder/%E6%AC%A0.png", "a%3Bb%26c.png"]


def test_a_file_that_is_not_there_is_missed_before_anything_is_sent(spied: Lab, behind: Behind) -> None:
    assert spied.submit(files=["gone.py"]).json()["code"] == "no_such_file"
    assert behind.seen == []


def test_the_browsers_credentials_stay_with_the_jupyter_server(spied: Lab, behind: Behind) -> None:
    answer = httpx.get(
        f"{spied.url}/leadersboard/api/jobs",
        params={"limit": 1, "token": JUPYTER_TOKEN, "_xsrf": "x"},
        headers={"Authorization": f"token {JUPYTER_TOKEN}", "Cookie": "session=of-the-browser", "X-Own": "header"},
    )
    assert answer.status_code == 200, answer.text
    _, path, headers = behind.seen[-1]
    assert path == "/jobs?limit=1"
    assert headers["authorization"] == f"Bearer {API_TOKEN}"
    assert headers.keys() == {"host", "accept", "accept-encoding", "connection", "user-agent", "authorization"} | {
        "accept-language"
    }


def test_what_a_post_takes_along_is_the_body_and_its_key(spied: Lab, behind: Behind) -> None:
    behind.status = 202
    sent = {"Idempotency-Key": "k1", "X-Own": "header"}
    assert spied.client.post("api/jobs", json={"submission_id": "s"}, headers=sent).status_code == 202
    _, path, headers = behind.seen[-1]
    assert (path, headers["idempotency-key"], headers["content-type"]) == ("/jobs", "k1", "application/json")
    assert not headers.keys() & {"cookie", "x-xsrftoken", "x-own", "origin", "referer"}


def test_cookies_of_the_api_are_neither_passed_on_nor_kept(spied: Lab, behind: Behind) -> None:
    behind.headers = {"Set-Cookie": "hub=1; Path=/", "X-Secret": "inside", "Content-Type": "application/json"}
    answers = [spied.client.get(path) for path in ("api/whoami", "api/jobs", "api/jobs/x/events")]
    assert all("hub" not in answer.headers.get("Set-Cookie", "") for answer in answers)
    assert all("X-Secret" not in answer.headers for answer in answers)
    assert all("cookie" not in headers for _, _, headers in behind.seen)


READS = ["environment", "api/jobs", "api/jobs/x/files", "api/jobs/x/status", "api/jobs/x/events", "executed/x"]


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (401, {"WWW-Authenticate": "Basic"}, b'{"detail": "no", "code": "invalid_token"}'),
        (500, {}, b"<html>it broke</html>"),
        (302, {"Location": "http://elsewhere.example/"}, b""),
        (200, {}, b"[" * 100_000),
        (404, {}, b'{"message": "some other server"}'),
    ],
)
def test_no_answer_whatever_it_is_shows_the_token(
    spied: Lab, behind: Behind, status: int, headers: dict[str, str], body: bytes
) -> None:
    behind.status, behind.headers, behind.body = status, headers, body
    answers = [spied.client.get(path) for path in [*READS, "origin?path=gone.ipynb", "compare?path=gone.ipynb"]]
    digest = spied.write("mine.ipynb", notebook("1"))
    answers += [spied.client.post("submit", json=wish("mine.ipynb", digest))]
    answers += [spied.client.post("start", json={"template": "padim", "directory": ""})]
    answers += [spied.client.post("inspect", json={"path": "mine.ipynb"}), spied.client.post("api/jobs", json={})]
    assert not [answer.url for answer in answers if API_TOKEN in everything(answer)]
    assert all("WWW-Authenticate" not in answer.headers for answer in answers)
    assert {answer.status_code for answer in answers} <= {200, 401, 404, 502}


@pytest.mark.parametrize("path", ["environment", "api/jobs", "api/jobs/x/files"])
@pytest.mark.parametrize(("status", "body"), [(302, b""), (503, b"<html>"), (404, b"{}"), (403, b"[]")])
def test_another_server_in_the_apis_place_is_recognised(
    spied: Lab, behind: Behind, path: str, status: int, body: bytes
) -> None:
    behind.status, behind.body = status, body
    behind.headers = {"Location": f"{behind.url}/login"}
    answer = spied.client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (502, "api_unexpected")
    assert len(behind.seen) == 1


@pytest.mark.parametrize("part", ["logs", "events"])
def test_an_answer_that_breaks_off_is_not_taken_for_whole(spied: Lab, behind: Behind, part: str) -> None:
    behind.cut_off = True
    with pytest.raises(httpx.RemoteProtocolError):
        spied.client.get(f"api/jobs/x/{part}")
    behind.cut_off = False
    assert spied.client.get("api/jobs").status_code == 200


def test_submitted_content_runs_nowhere_even_if_the_api_forgot_to_say_so(spied: Lab, behind: Behind) -> None:
    behind.headers, behind.body = {"Content-Type": "text/html"}, b"<script>alert(1)</script>"
    answer = spied.client.get("api/jobs/x/files/page.html")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_token_that_no_header_can_hold_is_refused_without_being_named(new_lab: Callable[..., Lab]) -> None:
    lab = new_lab("http://127.0.0.1:1", "unutterable\r\nX-Other: 1")
    assert lab.client.get("environment").status_code == 404
    log = lab.log.read_text()
    assert "LeadersBoard.api_token holds" in log
    assert "unutterable" not in log


def test_no_credential_is_in_the_log(spied: Lab, behind: Behind) -> None:
    behind.status, behind.body = 500, json.dumps({"detail": "no", "code": "x"}).encode()
    for path in READS:
        spied.client.get(path)
    spied.client.get("api/jobs", params={"token": JUPYTER_TOKEN})
    log = spied.log.read_text()
    assert "LeadersBoard is at" in log
    assert API_TOKEN not in log


def test_the_servers_own_pages_know_nothing_of_the_token(spied: Lab) -> None:
    pages = ["/", "/login", "/api", "/api/status", "/api/me", "/api/config/leadersboard", "/static/favicon.ico"]
    answers = [spied.client.get(spied.url + page, follow_redirects=True) for page in pages]
    assert not [answer.url for answer in answers if API_TOKEN in everything(answer)]


@pytest.mark.parametrize("url", ["ftp://x", "http://user:word@host", "no address", "http://host/?token=1"])
def test_an_address_that_cannot_be_one_is_refused_at_the_start(new_lab: Callable[..., Lab], url: str) -> None:
    lab = new_lab(url, API_TOKEN)
    assert lab.client.get("environment").status_code == 404
    assert "LeadersBoard.api_url must be" in lab.log.read_text()
