"""A whole platform in a folder of its own, brought up as its operator would."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from leadersboard.client import Client
from leadersboard.settings import Settings
from leadersboard.supervisor import processes
from leadersboard.supervisor.control import Control
from leadersboard.supervisor.platform import Platform
from tests.conftest import free_port
from tests.load.servers import answers, environment, wait_for

_ROLES = {"forkserver": "forkserver", "resource_tracker": "resource tracker"}


@dataclass(frozen=True, slots=True)
class StartTimes:
    """Seconds from the command to the API's first answer, and to the command's return."""

    api_answers: float
    command_returns: float


@dataclass(frozen=True, slots=True)
class Process:
    """One process at rest. PSS is its own memory and its part of what it shares."""

    part: str
    name: str
    pss_bytes: int


class Installation:
    """`leadersboard up --detach --no-baselines` below `folder`, jobs without a benchmark."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            home=folder / "home",
            api_port=free_port(),
            mlflow_port=free_port(),
            hub_port=free_port(),
            hub_internal_port=free_port(),
            hub_proxy_port=free_port(),
            dashboards_port=free_port(),
            default_benchmark="",
        )
        self.url = f"http://127.0.0.1:{self.settings.api_port}"
        # To set the address by the port would make it look as if somebody else's MLflow was named.
        self._environment = environment(self.settings)

    def client(self) -> Client:
        return Client(self.url, "devtoken")

    def up(self) -> StartTimes:
        """Bring it up and return how long that took."""
        answered: list[float] = []
        begun = time.perf_counter()

        def watch() -> None:
            wait_for(lambda: answers(f"{self.url}/healthz"), "the API")
            answered.append(time.perf_counter() - begun)

        watching = threading.Thread(target=watch)
        watching.start()
        self._command("up", "--detach", "--no-baselines")
        returned = time.perf_counter() - begun
        watching.join()
        return StartTimes(answered[0], returned)

    def down(self) -> None:
        self._command("down")

    def wait_until_complete(self) -> None:
        """Wait until the parts run that follow the API on their own, and MLflow answers."""
        platform = Platform(self.settings)
        wait_for(lambda: all(part.state == "running" for part in platform.parts()), "the parts")
        wait_for(lambda: answers(f"{self.settings.mlflow_tracking_uri}/health"), "MLflow", 180)

    def at_rest(self, patience_seconds: float) -> list[Process]:
        """Return its processes once what they hold has not changed by 1 % for `patience_seconds`."""
        self.wait_until_complete()
        since, seen = time.monotonic(), self.processes()
        give_up = since + 120
        while time.monotonic() - since < patience_seconds and time.monotonic() < give_up:
            time.sleep(0.5)
            now = self.processes()
            if abs(_total(now) - _total(seen)) > 0.01 * _total(seen):
                since, seen = time.monotonic(), now
        return self.processes()

    def processes(self) -> list[Process]:
        parts = {part.pid: part.name for part in Platform(self.settings).parts()}
        parts[Control(self.settings).pid()] = "supervisor"
        found = []
        for process in processes.belonging_to(self.settings.home_path):
            line = [process.pid, *(parent.pid for parent in process.parents())]
            part = next((parts[pid] for pid in line if pid in parts), "other")
            found.append(Process(part, _role(process, is_main=process.pid in parts), pss_bytes(process.pid)))
        order = list(parts.values())
        return sorted(found, key=lambda one: (order.index(one.part) if one.part in order else 99, one.name))

    def _command(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "leadersboard.cli.main", *arguments]
        # The parts that stay up must not hold a pipe open that this waits on.
        with (self.settings.home_path.parent / "commands.log").open("ab") as log:
            environment = {**os.environ, **self._environment}
            subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)


def pss_bytes(pid: int) -> int:
    """Return the memory of one process, in bytes, with its part of what it shares with others."""
    return int(psutil.Process(pid).memory_full_info().pss)


def _total(found: list[Process]) -> int:
    return sum(process.pss_bytes for process in found)


def _role(process: psutil.Process, *, is_main: bool) -> str:
    if is_main:
        return "main"
    line = " ".join(process.cmdline())
    return next((role for mark, role in _ROLES.items() if mark in line), "child")
