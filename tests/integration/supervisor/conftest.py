"""An installation of its own for each test: a home, free ports, and commands as a user would type them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import psutil
import pytest

from leadersboard.settings import Settings
from leadersboard.supervisor.platform import Platform
from leadersboard.supervisor.processes import belonging_to

PATIENCE_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """One `home` with its environment; whatever is left of it is ended after the test."""

    def __init__(self, home: Path, data: Path) -> None:
        self.home = home
        self.port = free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.endswith("API_TOKENS")},
            "LEADERSBOARD_HOME": str(home),
            "LEADERSBOARD_API_PORT": str(self.port),
            "LEADERSBOARD_DATA_ROOT": str(data),
            # Nobody listens there: most tests do without MLflow, which takes ten seconds to start.
            "MLFLOW_TRACKING_URI": f"http://127.0.0.1:{free_port()}",
            # It takes as long again; tests of its own bring it up.
            "LEADERSBOARD_HUB": "false",
            "LC_ALL": "C.UTF-8",
        }
        self._running: list[subprocess.Popen[str]] = []

    def with_mlflow(self) -> int:
        """Have MLflow started as well, and return its port."""
        port = free_port()
        del self.environment["MLFLOW_TRACKING_URI"]
        self.environment["LEADERSBOARD_MLFLOW_PORT"] = str(port)
        return port

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "leadersboard.cli.main", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "leadersboard.cli.main", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._running.append(process)
        return process

    def up(self) -> subprocess.Popen[str]:
        """Bring it up in the foreground and return once it says that it stays."""
        process = self.begin("up", "--no-baselines")
        assert process.stdout is not None
        said = said_until(process.stdout, "Press Ctrl-C")
        assert "Press Ctrl-C" in said, said
        return process

    @staticmethod
    def eventually(condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.05)

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, api_port=self.port)

    @property
    def platform(self) -> Platform:
        return Platform(self.settings)

    def pid_of(self, part: str) -> int | None:
        return next((one.pid for one in self.platform.parts() if one.name == part), None)

    def supervisor(self) -> psutil.Process:
        return psutil.Process(int((self.settings.run_root / "supervisord.pid").read_text()))

    def processes(self) -> list[psutil.Process]:
        return belonging_to(self.home)

    def close(self) -> None:
        self.platform.stop()
        for process in self._running:
            process.kill()
            process.communicate()


def said_until(stream: IO[str], words: str) -> str:
    """Return what a process has said up to the line with `words`, or up to its end."""
    said = ""
    for line in stream:
        said += line
        if words in line:
            break
    return said


@pytest.fixture
def installation(tmp_path: Path, demonstration_data: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home", demonstration_data)
    yield made
    made.close()


@pytest.fixture(scope="session")
def demonstration_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's data set, prepared once for all tests here."""
    folder = tmp_path_factory.mktemp("data")
    environment = {**os.environ, "LEADERSBOARD_DATA_ROOT": str(folder)}
    subprocess.run(
        [sys.executable, "-m", "leadersboard.cli.main", "dataset", "generate"], env=environment, check=True, timeout=240
    )
    return folder
