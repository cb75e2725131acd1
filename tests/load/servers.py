"""Servers in processes of their own: the bare application, and the API with its Redis but without a worker."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from leadersboard.settings import Settings
from leadersboard.supervisor.preflight import prepare_folders
from leadersboard.supervisor.programs import programs
from tests.conftest import free_port

_LOOK_EVERY_SECONDS = 0.01
# Of what a server has said last.
_SAID_BYTES = 8_192
# Proxies that are meant for the outside would keep requests from this machine.
_near = build_opener(ProxyHandler({}))


class NotStarted(Exception):
    """A server ended, or did not answer in time."""


def answers(url: str) -> bool:
    """Return whether a GET of `url` succeeds."""
    try:
        with _near.open(url, timeout=5) as answer:
            return bool(answer.status < 300)
    except (URLError, OSError):
        return False


def wait_for(condition: Callable[[], object], what: str, seconds: float = 90) -> None:
    """Wait until `condition` holds, looking often.

    Raises:
        NotStarted: it did not within `seconds`; `what` says what was waited for.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise NotStarted(what)
        time.sleep(_LOOK_EVERY_SECONDS)


@contextmanager
def bare_application() -> Iterator[tuple[str, int]]:
    """Serve the bare application; gives its address and its process."""
    port = free_port()
    with _started([sys.executable, "-m", "tests.load.bare", str(port)]) as process:
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: _lives(process) and answers(f"{url}/healthz"), "the bare application")
        yield url, process.pid


@contextmanager
def api_alone(settings: Settings) -> Iterator[str]:
    """Serve the API of `settings`, with its Redis beside it and nobody who works; gives its address.

    The processes find in the environment what differs from the defaults: see `environment`.
    """
    prepare_folders(settings)
    own = environment(settings)
    commands = {part.name: part.command for part in programs(settings, Path("tokens"))}
    socket = settings.run_root / "redis.sock"
    with (
        _started(commands["redis"], own) as redis,
        _started(commands["api"], own) as api,
    ):
        url = f"http://{settings.api_host}:{settings.api_port}"
        wait_for(lambda: _lives(redis) and socket.exists(), "Redis")
        wait_for(lambda: _lives(api) and answers(f"{url}/healthz"), "the API")
        yield url


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that give other processes these settings, as far as they were set here."""
    given = settings.model_dump(include=settings.model_fields_set)
    return {f"LEADERSBOARD_{name.upper()}": str(value) for name, value in given.items()}


@contextmanager
def _started(command: Sequence[str], own: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    root = Path(__file__).parents[2]
    with (
        # A line a request would hide what is measured; it is shown where something went wrong.
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env={**os.environ, **(own or {})}, stdout=said, stderr=said, cwd=root) as process,
    ):
        try:
            yield process
        except NotStarted:
            said.seek(max(0, said.tell() - _SAID_BYTES))
            sys.stderr.buffer.write(said.read())
            raise
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _lives(process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        raise NotStarted(f"{process.args!r} ended with {process.returncode}")
    return True
