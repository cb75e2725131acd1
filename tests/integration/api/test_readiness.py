"""`/healthz` and `/readyz` tell the truth about each dependency: away, and back again, while the API lives on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import create_engine, make_url, text

from leadersboard.adapters.system_clock import SystemClock
from leadersboard.api.app import create_app
from leadersboard.bootstrap import open_records
from leadersboard.ports.monitoring import Mood, WorkerState
from leadersboard.settings import Settings
from tests.conftest import free_port, fresh_database
from tests.integration.conftest import ServedApi, wait_until
from tests.integration.worker.conftest import Redis


class Tracking(HTTPServer):
    """What MLflow's /health is, with the status that a test sets."""

    status = 200


class _Health(BaseHTTPRequestHandler):
    server: Tracking

    def do_GET(self) -> None:
        self.send_response(self.server.status if self.path == "/health" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def tracking(port: int) -> Iterator[Tracking]:
    with Tracking(("127.0.0.1", port), _Health) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@dataclass
class Installation:
    """An API, and what it depends on."""

    url: str
    settings: Settings
    redis: Redis
    mlflow_port: int

    def ready(self) -> tuple[int, dict[str, str]]:
        """Return the status of /readyz and its checks; the API is alive whatever they say."""
        assert httpx.get(f"{self.url}/healthz").json() == {"status": "ok"}
        answer = httpx.get(f"{self.url}/readyz", timeout=20)
        checks: dict[str, str] = answer.json()["checks"]
        assert answer.json()["ready"] == (answer.status_code == 200)
        return answer.status_code, checks

    def check(self, name: str) -> str:
        return self.ready()[1][name]


@contextmanager
def installed(folder: Path, database_url: str, min_free_bytes: int = 0) -> Iterator[Installation]:
    redis = Redis(folder)
    redis.start()
    settings = Settings(
        home=folder / "home",
        database_url=database_url,
        redis_url=f"unix://{redis.socket}",
        api_tokens="alice:secret",
        api_port=free_port(),
        mlflow_tracking_uri=f"http://127.0.0.1:{free_port()}",
        min_free_bytes=min_free_bytes,
    )
    try:
        with ServedApi(uvicorn.Config(create_app(settings), port=settings.api_port, log_level="critical")) as url:
            port = make_url(settings.mlflow_tracking_uri).port
            assert port is not None
            yield Installation(url, settings, redis, port)
    finally:
        redis.stop()


@pytest.fixture(scope="module")
def database(postgres_url: str) -> str:
    return fresh_database(postgres_url)


@pytest.fixture(scope="module")
def here(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("r"), database) as installation:
        yield installation


def test_mlflow_is_ok_broken_or_away_and_jobs_are_taken_all_the_same(here: Installation) -> None:
    assert "does not answer" in here.check("mlflow")
    with tracking(here.mlflow_port) as server:
        assert here.check("mlflow") == "ok"
        server.status = 500
        assert here.check("mlflow").startswith("answers 500")
        assert here.ready()[0] == 200
    assert "recorded there later" in here.check("mlflow")


def test_redis_is_missed_and_found_again_and_jobs_are_taken_all_the_same(here: Installation) -> None:
    assert here.check("redis") == "ok"
    here.redis.stop()
    status, checks = here.ready()
    assert (status, "does not answer" in checks["redis"], checks["database"]) == (200, True, "ok")
    here.redis.start()
    wait_until(lambda: here.check("redis") == "ok")


def test_without_the_database_nothing_is_ready_and_with_it_all_is_again(
    here: Installation, database: str, postgres_url: str
) -> None:
    assert here.check("database") == "ok"
    name = make_url(database).database
    url = postgres_url.replace("postgresql:", "postgresql+psycopg:")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        status, checks = here.ready()
        assert (status, checks["database"], checks["redis"]) == (503, "does not answer", "ok")
        assert checks["workers"] == "unknown: the database does not answer"
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    admin.dispose()
    wait_until(lambda: here.ready()[0] == 200)
    assert here.check("database") == "ok"


@pytest.mark.parametrize(
    ("mood", "said"), [(Mood.WORKING, "ok"), (Mood.SHORT_OF_SPACE, "short of disk space"), (Mood.DRAINING, "none is")]
)
def test_a_worker_counts_by_what_it_says(here: Installation, mood: Mood, said: str) -> None:
    now = SystemClock().now()
    with open_records(here.settings) as records:
        with records.writing() as transaction:
            transaction.workers.say(WorkerState("host-1", now, now, 1, 0, mood, {}))
        assert here.check("workers").startswith(said)
        with records.writing() as transaction:
            transaction.workers.leave("host-1")
    assert here.check("workers").startswith("none is heard of")


def test_a_disk_without_room_makes_it_unready_and_says_how_much_there_is(tmp_path: Path) -> None:
    with installed(tmp_path, "", min_free_bytes=2**62) as installation:
        status, checks = installation.ready()
    assert status == 503
    assert checks["storage"].endswith("bytes are free")
    assert checks["database"] == "ok"
