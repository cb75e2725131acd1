"""A real Redis and a real API, started for the tests."""

import itertools
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from leadersboard.api.app import create_app
from leadersboard.settings import Settings
from leadersboard.supervisor.programs import redis_server
from tests.conftest import free_port

_USERS = 200


@pytest.fixture(scope="session")
def redis_dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server on a socket of its own."""
    folder = tmp_path_factory.mktemp("redis")
    socket = folder / "redis.sock"
    binary = redis_server()
    assert binary is not None
    server = subprocess.Popen(
        [binary, "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    wait_until(socket.exists)
    yield f"unix://{socket}"
    server.terminate()
    server.wait()


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until `condition` holds, looking often.

    Raises:
        AssertionError: it did not within `seconds`.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{condition} did not hold within {seconds} s"
        time.sleep(0.01)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, redis_dsn: str) -> Settings:
    """Small limits, and a token for each of many users."""
    tokens = ",".join(f"user{number}:token{number}" for number in range(_USERS))
    return Settings(
        home=tmp_path_factory.mktemp("home"),
        redis_url=redis_dsn,
        api_tokens=f"{tokens},boss:boss-token,devtoken",
        organisers="boss",
        metrics_token="only-for-metrics",
        api_port=free_port(),
        max_submissions_per_hour=30,
        max_file_bytes=200_000,
        max_upload_bytes=500_000,
        max_notebook_bytes=100_000,
        max_files=20,
        min_free_bytes=0,
        mlflow_tracking_uri=f"http://127.0.0.1:{free_port()}",
    )


class ServedApi:
    """Serves an application over HTTP from a thread, while the context lasts."""

    def __init__(self, config: uvicorn.Config) -> None:
        self._config = config
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> str:
        self._thread.start()
        wait_until(lambda: self._server.started or not self._thread.is_alive())
        assert self._server.started
        return f"http://127.0.0.1:{self._config.port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture(scope="session")
def api_url(settings: Settings) -> Iterator[str]:
    """The API, served over HTTP."""
    with ServedApi(uvicorn.Config(create_app(settings), port=settings.api_port, log_level="warning")) as url:
        yield url


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return itertools.count()


@pytest.fixture
def new_client(api_url: str, _numbers: Iterator[int]) -> Iterator[Callable[..., httpx.Client]]:
    """Make clients, each of a user of their own unless a token is named."""
    clients: list[httpx.Client] = []

    def make(token: str | None = None) -> httpx.Client:
        bearer = token or f"token{next(_numbers)}"
        clients.append(httpx.Client(base_url=api_url, headers={"Authorization": f"Bearer {bearer}"}, timeout=60))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(new_client: Callable[..., httpx.Client]) -> httpx.Client:
    return new_client()


def home_files(settings: Settings) -> set[Path]:
    """Return all files of submissions, whole or on their way in."""
    return {path for path in Path(settings.uploads).rglob("*") if path.is_file()}
