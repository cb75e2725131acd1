"""The real parts, started in a folder of their own for the time of a measurement."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from leadersboard.supervisor.programs import redis_server
from tests.conftest import free_port

MANY = "1000000"
# Submissions come from many: what one user sent within the hour is looked at with each of theirs.
USERS = 500


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until `condition` holds.

    Raises:
        TimeoutError
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(str(condition))
        time.sleep(0.01)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code < 500
    except httpx.HTTPError:
        return False


@contextmanager
def process(command: list[str], environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process while the context lasts."""
    with log.open("ab") as out:
        started = subprocess.Popen(command, env={**os.environ, **environment}, stdout=out, stderr=out)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(60)


def environment_of(home: Path, port: int) -> dict[str, str]:
    """Return what makes the parts meet in `home`, with limits that do not come into play."""
    return {
        "LEADERSBOARD_HOME": str(home),
        "LEADERSBOARD_API_PORT": str(port),
        "LEADERSBOARD_DEFAULT_BENCHMARK": "",
        "REDIS_URL": f"unix://{home}/redis.sock",
        # Nobody listens there: tracking is not what is measured.
        "MLFLOW_TRACKING_URI": "http://127.0.0.1:9",
        "MAX_SUBMISSIONS_PER_HOUR": MANY,
        "MAX_CONCURRENT_RUNNING": MANY,
        "API_TOKENS": ",".join(["bench:bench", *(f"user{number}:token{number}" for number in range(USERS))]),
    }


@contextmanager
def api(home: Path) -> Iterator[str]:
    """Run Redis and the API in `home`."""
    port = free_port()
    environment = environment_of(home, port)
    redis = [str(redis_server()), "--port", "0", "--unixsocket", f"{home}/redis.sock", "--dir", str(home)]
    redis += ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    own = [sys.executable, "-m", "leadersboard.cli.main", "api"]
    with process(redis, {}, home / "redis.log"), process(own, environment, home / "api.log"):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{url}/healthz"))
        yield url


@contextmanager
def bare(home: Path) -> Iterator[str]:
    """Run the bare application."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.load.bare:app", "--port", str(port), "--log-level", "warning"]
    with process(command, {}, home / "bare.log"):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{url}/get"))
        yield url
