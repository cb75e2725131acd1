"""A platform for the command line to talk to: Redis, the API and a worker as processes, without a benchmark."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadersboard.client import Client
from leadersboard.settings import Settings
from leadersboard.supervisor.programs import redis_server

_PATIENCE_SECONDS = 60
_TOKENS = "alice:alices-secret,bob:bobs-secret"


class Commands:
    """The command line of one user."""

    def __init__(self, url: str, token: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.environment = {
            **os.environ,
            "LEADERSBOARD_URL": url,
            "LEADERSBOARD_TOKEN": token,
            "LC_ALL": "C.UTF-8",
        }

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.line(*arguments),
            env={**self.environment, **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @staticmethod
    def line(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "leadersboard.cli.main", *arguments]

    def script(self, body: str) -> str:
        """Write a submission by the script protocol and return the name of its entrypoint."""
        (self.folder / "main.py").write_text(_PROTOCOL + body)
        (self.folder / "config.yaml").write_text("method: thresholds\n")
        return "main.py"

    def notebook(self, *cells: str) -> str:
        """Write a notebook, its first cell tagged `parameters`, and return its name."""
        made = [_cell(number, source) for number, source in enumerate(cells)]
        made[0]["metadata"] = {"tags": ["parameters"]}
        spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = {"cells": made, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
        (self.folder / "try.ipynb").write_text(json.dumps(notebook))
        return "try.ipynb"


_PROTOCOL = """
import argparse, json, pathlib, sys, time
parser = argparse.ArgumentParser()
parser.add_argument("--config")
parser.add_argument("--output")
output = pathlib.Path(parser.parse_args().output)
def report(**metrics):
    (output / "metrics.json").write_text(json.dumps({"params": {}, "metrics": metrics}))
"""


def _cell(number: int, source: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"cell-{number}",
        "metadata": {},
        "outputs": [],
        "source": source,
    }


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a platform whose users are alice and bob."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "LEADERSBOARD_HOME": str(home),
        "LEADERSBOARD_API_PORT": str(port),
        "LEADERSBOARD_DEFAULT_BENCHMARK": "",
        "API_TOKENS": _TOKENS,
        # Nobody listens on the port 1 of this machine: results are kept, and MLflow is left waiting for.
        "MLFLOW_TRACKING_URI": "http://127.0.0.1:1",
    }
    socket_path = Settings(home=home).run_root / "redis.sock"
    socket_path.parent.mkdir(exist_ok=True)
    redis = [str(redis_server()), "--port", "0", "--unixsocket", str(socket_path), "--save", ""]
    lines = [redis, Commands.line("api"), Commands.line("worker")]
    log = (home / "parts.log").open("wb")
    processes = [subprocess.Popen(line, env=environment, cwd=home, stdout=log, stderr=log) for line in lines]
    try:
        with Client(f"http://127.0.0.1:{port}") as client:
            deadline = time.monotonic() + _PATIENCE_SECONDS
            while not client.is_alive():
                assert time.monotonic() < deadline, (home / "parts.log").read_text()
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in reversed(processes):
            process.wait(timeout=60)
        log.close()


@pytest.fixture
def alice(address: str, tmp_path: Path) -> Commands:
    return Commands(address, "alices-secret", tmp_path)


@pytest.fixture
def bob(address: str, tmp_path: Path) -> Commands:
    return Commands(address, "bobs-secret", tmp_path)
