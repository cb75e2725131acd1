"""What every answer says to browsers, who may ask from where, and that no token is ever written down."""

import base64
import hashlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from pydantic import ValidationError

from leadersboard.api.app import create_app
from leadersboard.domain.tokens import digest
from leadersboard.settings import Settings
from tests.builders import SCRIPT_FILES, form
from tests.conftest import free_port
from tests.integration.conftest import ServedApi

ADDRESSES = ["/healthz", "/whoami", "/jobs", "/none-such", "/openapi.json", "/docs", "/jobs/x/status"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("token", [None, "devtoken"])
def test_every_answer_says_what_a_browser_may_do_with_it(address: str, token: str | None, api_url: str) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{api_url}{address}", headers=headers)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_of_the_api_runs_its_own_script_and_no_other(api_url: str) -> None:
    page = httpx.get(f"{api_url}/docs")
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    scripts = re.search(r"script-src ([^;]*);", page.headers["Content-Security-Policy"])
    assert scripts is not None
    assert f"'sha256-{allowed}'" in scripts[1]
    assert "unsafe-inline" not in scripts[1]


def asked_from(origin: str, url: str, method: str = "GET") -> httpx.Response:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    return httpx.request(method, f"{url}/jobs", headers={"Origin": origin, **(wanted if method == "OPTIONS" else {})})


def test_pages_of_other_origins_may_not_ask(api_url: str) -> None:
    for method in ("GET", "OPTIONS"):
        answer = asked_from("https://elsewhere.example.org", api_url, method)
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.fixture
def open_url(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """An API that pages of one other origin may ask."""
    opened = settings.model_copy(
        update={"home": tmp_path, "api_port": free_port(), "cors_origins": "https://lab.example.org"}
    )
    with ServedApi(uvicorn.Config(create_app(opened), port=opened.api_port, log_level="warning")) as url:
        yield url


def test_an_origin_that_a_setting_names_may_ask_with_a_token_but_not_with_a_login(open_url: str) -> None:
    answer = asked_from("https://lab.example.org", open_url, "OPTIONS")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://lab.example.org"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    other = asked_from("https://elsewhere.example.org", open_url, "OPTIONS")
    assert "Access-Control-Allow-Origin" not in other.headers


def test_no_token_is_ever_logged(settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    right, wrong = "very-secret-token", "wrong-secret-token"
    own = settings.model_copy(update={"home": tmp_path, "api_port": free_port(), "api_tokens": f"alice:{right}"})
    config = uvicorn.Config(create_app(own), port=own.api_port, log_level="trace", log_config=None)
    with caplog.at_level(logging.DEBUG), ServedApi(config) as url:
        for token in (right, wrong):
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
            httpx.post(f"{url}/submissions", files=form(SCRIPT_FILES), headers=headers)
            httpx.post(f"{url}/jobs", json={"submission_id": 1}, headers=headers)
            httpx.get(f"{url}/jobs/none/status", headers=headers)
            httpx.get(f"{url}/whoami", headers={"Authorization": token})
            httpx.get(f"{url}/whoami", headers={"Authorization": f"Basic {token}"})
    assert "submission" in caplog.text or caplog.records
    # Of the API itself; the client in this process writes its own log.
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("http"))
    assert right not in logged
    assert wrong not in logged
    assert right not in repr(own)


def test_tokens_may_come_from_a_file_with_digests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"# who may come in\nalice:sha256:{digest('secret')}\nbob:plain\n")
    monkeypatch.setenv("API_TOKENS", "mallory:other")
    monkeypatch.setenv("API_TOKENS_FILE", str(file))
    (tmp_path / "session").write_text("a secret\n")
    monkeypatch.setenv("LEADERSBOARD_SESSION_SECRET_FILE", str(tmp_path / "session"))
    settings = Settings()
    assert "secret" not in settings.api_tokens.replace(digest("secret"), "")
    assert settings.api_tokens.splitlines()[1:] == [f"alice:sha256:{digest('secret')}", "bob:plain"]
    assert settings.session_secret == "a secret"


def test_a_file_for_a_secret_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKENS_FILE", str(tmp_path / "none"))
    with pytest.raises((ValueError, ValidationError), match="API_TOKENS_FILE"):
        Settings()
