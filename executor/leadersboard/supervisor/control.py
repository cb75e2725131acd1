"""Starts, asks and ends the supervisord of one `home`."""

import os
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

import psutil

from leadersboard.settings import Settings
from leadersboard.supervisor import configuration, processes
from leadersboard.supervisor.errors import NoSupervisor, PartDidNotStart
from leadersboard.supervisor.programs import Program

_LOOK_EVERY_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Part:
    """One part as supervisord sees it; `pid` is None while it does not run."""

    name: str
    state: str
    pid: int | None
    since: float
    problem: str

    @property
    def running_seconds(self) -> float:
        return max(0.0, time.time() - self.since) if self.pid else 0.0


class Control:
    """Commands to the supervisord of the `home` in `settings`, over a socket that only this user can open."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._socket = configuration.control_socket(settings)

    def pid(self) -> int | None:
        """Return the process that supervises, or None where none answers."""
        with suppress(OSError, HTTPException, xmlrpc.client.Error):
            return int(self._call("getPID"))
        return None

    def parts(self) -> list[Part]:
        """Return all parts in the order they are started; empty where nothing is up."""
        with suppress(OSError, HTTPException, xmlrpc.client.Error):
            return [_part(info) for info in self._call("getAllProcessInfo")]
        return []

    def start(self, parts: Iterable[Program]) -> subprocess.Popen[bytes]:
        """Start supervisord with `parts` and wait until it answers.

        It stands in a session of its own, so that Ctrl-C in a terminal reaches whoever watches, not every part at once.

        Raises:
            NoSupervisor, PartDidNotStart
        """
        path = configuration.write(self._settings, parts)
        log = configuration.service_log(self._settings, "supervisord")
        log.parent.mkdir(exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(path)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environment(),
                start_new_session=True,
            )
        while self.pid() != process.pid:
            if process.poll() is not None:
                said = last_line(self._settings, "supervisord")
                if "No module named" in said:
                    raise NoSupervisor
                raise PartDidNotStart(part="supervisord", said=said, log=log)
            time.sleep(_LOOK_EVERY_SECONDS)
        return process

    def start_part(self, name: str) -> None:
        """Start a part that was not to be started at once; no harm where it runs already, or everything is ending."""
        with suppress(OSError, HTTPException, xmlrpc.client.Error):
            self._call("startProcess", name, False)

    def stop(self, seconds: float | None = None) -> bool:
        """End all parts in order and then supervisord; whatever is left after `seconds` is ended with force.

        Returns whether anything was up.
        """
        pid = self.pid()
        if pid is not None:
            with suppress(OSError, HTTPException, xmlrpc.client.Error, psutil.NoSuchProcess):
                supervisor = psutil.Process(pid)
                self._call("shutdown")
                processes.wait_gone([supervisor], self._stop_seconds() if seconds is None else seconds)
        left = processes.end_all(self._settings.home_path)
        return pid is not None or left > 0

    def _stop_seconds(self) -> float:
        return self._settings.grace_seconds + 30

    def _environment(self) -> dict[str, str]:
        # Only the API is told where their digests are, in its section of the configuration.
        tokens = ("API_TOKENS", "API_TOKENS_FILE")
        kept = {name: value for name, value in os.environ.items() if not name.upper().endswith(tokens)}
        return {
            **kept,
            "LEADERSBOARD_HOME": str(self._settings.home_path),
            "LEADERSBOARD_API_PORT": str(self._settings.api_port),
            "PYTHONUNBUFFERED": "1",
            processes.MARK: str(self._settings.home_path),
        }

    def _call(self, method: str, *arguments: object) -> Any:
        if not self._socket.exists():
            raise FileNotFoundError(self._socket)
        from supervisor.xmlrpc import SupervisorTransport

        transport = SupervisorTransport(None, None, serverurl=f"unix://{self._socket}")
        try:
            proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
            return getattr(proxy.supervisor, method)(*arguments)
        finally:
            transport.close()


def last_line(settings: Settings, part: str) -> str:
    """Return the last thing that `part` printed; a dash where it printed nothing."""
    log = configuration.service_log(settings, part)
    if not log.is_file():
        return "-"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "-")


def _part(info: dict[str, Any]) -> Part:
    return Part(
        name=str(info["name"]),
        state=str(info["statename"]).lower(),
        pid=int(info["pid"]) or None,
        since=float(info["start"]),
        problem=str(info["spawnerr"]),
    )
