"""The platform's processes, each of which can be killed, stopped, and started again."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import psutil

from leadersboard.supervisor.programs import redis_server
from tests.integration.conftest import wait_until

_START_SECONDS = 120


@dataclass
class Part:
    """One process, and everything below it. `ready` is an address that answers, or a file that is there, once it is."""

    name: str
    command: Sequence[str]
    log: Path
    ready: str | Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_ready(self) -> None:
        wait_until(lambda: self.is_ready() or self.ended, _START_SECONDS)
        assert not self.ended, self.log.read_text(errors="replace")[-3000:]

    def is_ready(self) -> bool:
        if isinstance(self.ready, Path):
            return self.ready.exists()
        try:
            return httpx.get(self.ready, timeout=2).is_success
        except httpx.HTTPError:
            return False

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def below(self) -> list[psutil.Process]:
        """Return the process and all that descend from it."""
        try:
            whole = psutil.Process(self.pid)
            return [whole, *whole.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """End the process and its group with force, as a machine that dies would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)

    def stop_all(self, number: int) -> None:
        """Send SIGSTOP or SIGCONT to all of it."""
        for process in self.below():
            process.send_signal(number)


def redis(folder: Path, *listen: str) -> Part:
    binary = redis_server()
    assert binary is not None
    socket = folder / "r.sock"
    keep = ("--unixsocket", str(socket), "--dir", str(folder), "--appendonly", "yes", "--save", "")
    return Part("redis", (str(binary), *(listen or ("--port", "0")), *keep), folder.with_name("redis.log"), socket)


def mlflow(folder: Path, port: int) -> Part:
    command = (sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1")
    keep = ("--backend-store-uri", f"sqlite:///{folder}/mlflow.db")
    artifacts = ("--serve-artifacts", "--artifacts-destination", str(folder / "artifacts"))
    environment = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    # The log lies elsewhere: the folder's disk is to be filled.
    log = folder.with_name(f"{folder.name}.log")
    return Part("mlflow", (*command, *keep, *artifacts), log, f"http://127.0.0.1:{port}/health", environment)


class _Passing(BaseHTTPRequestHandler):
    """One request to whoever stands between."""

    server: "_Server"

    def __getattr__(self, name: str) -> Callable[[], None]:
        # The library looks for a method of each verb's name.
        if name.startswith("do_"):
            return self._pass_on
        raise AttributeError(name)

    def _pass_on(self) -> None:
        between = self.server.between
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if between.mode == "slow":
            between.released.wait(8)
        if between.mode == "error":
            self._answer(500, b"broken")
            return
        if between.mode == "page":
            self._answer(200, b"<html><title>Log in</title></html>", "text/html")
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        try:
            answer = httpx.request(
                self.command, f"{between.behind}{self.path}", content=body, headers=headers, timeout=60
            )
        except httpx.HTTPError:
            # Whoever is behind it is not there: neither is this.
            self.close_connection = True
            return
        self._answer(answer.status_code, answer.content, answer.headers.get("Content-Type", ""))

    def _answer(self, status: int, body: bytes, kind: str = "text/plain") -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            # Who asked has lost patience.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    between: "Between"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of those who went away in the middle: that is what is tried here."""


class Between:
    """Stands between workers and MLflow, and passes on what they say, or does not: `slow`, `error`, `page`."""

    def __init__(self, behind: str, address: str) -> None:
        self.behind = behind
        self.mode = "pass"
        self.released = threading.Event()
        self._server = _Server((address, 0), _Passing)
        self._server.between = self
        self.url = f"http://{address}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def behave(self, mode: str) -> None:
        self.mode = mode
        if mode == "pass":
            self.released.set()
        else:
            self.released.clear()

    def close(self) -> None:
        self.behave("pass")
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
