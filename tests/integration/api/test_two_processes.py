"""Two API processes on one database: a limit is a limit, whichever of them is asked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.builders import SCRIPT_FILES, form
from tests.conftest import free_port, fresh_database
from tests.integration.conftest import wait_until

LIMIT, POSTS = 7, 50


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path, redis_dsn: str) -> Iterator[list[str]]:
    """The addresses of two APIs that share everything."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LEADERSBOARD_")},
        "LEADERSBOARD_HOME": str(tmp_path / "home"),
        "LEADERSBOARD_DATABASE_URL": "",
        "LEADERSBOARD_MIN_FREE_BYTES": "0",
        "REDIS_URL": redis_dsn,
        "API_TOKENS": "alice:secret",
        "MAX_SUBMISSIONS_PER_HOUR": str(LIMIT),
    }
    if request.param == "postgresql":
        environment["LEADERSBOARD_DATABASE_URL"] = fresh_database(request.getfixturevalue("postgres_url"))
    with ExitStack() as processes:
        found = []
        for _ in range(2):
            port = free_port()
            process = processes.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "leadersboard.cli.main", "api"],
                    env={**environment, "LEADERSBOARD_API_PORT": str(port)},
                )
            )
            processes.callback(process.terminate)
            found.append(f"http://127.0.0.1:{port}")
        for url in found:
            wait_until(lambda url=url: _answers(url), 60)  # type: ignore[misc]
        yield found


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").is_success
    except httpx.HTTPError:
        return False


def test_fifty_posts_at_once_at_the_edge_give_exactly_the_limit(urls: list[str]) -> None:
    with httpx.Client(headers={"Authorization": "Bearer secret"}, timeout=60) as client:

        def submit(number: int) -> httpx.Response:
            return client.post(f"{urls[number % 2]}/submissions", files=form(SCRIPT_FILES))

        with ThreadPoolExecutor(POSTS) as pool:
            answers = list(pool.map(submit, range(POSTS)))
        statuses = [answer.status_code for answer in answers]
        assert (statuses.count(201), statuses.count(429)) == (LIMIT, POSTS - LIMIT)
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers if answer.status_code == 429)
        for url in urls:
            quota = client.get(f"{url}/quota").json()
            assert (quota["submissions"]["used"], len(quota["ledger"])) == (LIMIT, LIMIT)
            assert client.get(f"{url}/submissions").json()["total"] == LIMIT
