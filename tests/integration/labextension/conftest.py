"""Real Jupyter servers with the extension in them, each of one user of a real API."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from leadersboard.adapters.fsspec_job_files import FsspecJobFiles
from leadersboard.settings import Settings
from tests.builders import notebook
from tests.conftest import free_port
from tests.integration.conftest import wait_until

EXTENSION = Path(__file__).parents[3] / "hub" / "labextension"
# Credentials of three kinds, none of which may be seen where it does not belong.
JUPYTER_TOKEN = "the-jupyter-servers-own-token"


@dataclass
class Lab:
    """One user's Jupyter server. `client` is logged in as a browser is, by a cookie; `api` is the user at the API."""

    url: str
    root: Path
    log: Path
    process: subprocess.Popen[bytes]
    api: httpx.Client
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))

    def come_up(self) -> None:
        """Wait until the server is there, and log in."""
        wait_until(lambda: self._answers() or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.log.read_text()
        self.log_in()

    def stop(self) -> None:
        """Stop the server, which must do so when it is asked."""
        self.client.close()
        self.api.close()
        self.process.terminate()
        try:
            self.process.wait(30)
        finally:
            self.process.kill()

    def _answers(self) -> bool:
        try:
            return self.client.get(f"{self.url}/login").is_success
        except httpx.HTTPError:
            return False

    def log_in(self) -> None:
        """Log in by the form, as a person does; from then on the client sends what a page of Lab sends."""
        xsrf = self.client.cookies["_xsrf"]
        answer = self.client.post(f"{self.url}/login", data={"password": JUPYTER_TOKEN, "_xsrf": xsrf})
        assert answer.status_code == 302, answer.text
        self.client.base_url = httpx.URL(f"{self.url}/leadersboard/")
        self.client.headers["X-XSRFToken"] = self.client.cookies["_xsrf"]

    def write(self, path: str, content: bytes) -> str:
        """Put a file among the user's, and return its digest."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return sha256(content).hexdigest()

    def submit(self, path: str = "mine.ipynb", content: bytes | None = None, **changed: Any) -> httpx.Response:
        """Save a notebook and submit it; `changed` are fields of the request."""
        digest = self.write(path, notebook("print(1)") if content is None else content)
        return self.client.post("submit", json=wish(path, digest, **changed))


def wish(path: str, digest: str, **changed: Any) -> dict[str, Any]:
    """Return the body of a `submit`."""
    return {"path": path, "hash": digest, "files": [], "idempotency_key": uuid4().hex, "config": {}, **changed}


NewLab = Callable[..., Lab]


def raw_get(lab: Lab, path: str) -> int:
    """Return the status for a path that is sent as it is written; HTTP clients would tidy it."""
    address = urlsplit(lab.url)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=30)
    cookie = "; ".join(f"{name}={value}" for name, value in lab.client.cookies.items())
    connection.request("GET", f"{address.path}/leadersboard/{path}", headers={"Cookie": cookie})
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.fixture(scope="session")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewLab]:
    def start(api_url: str, token: str, *options: str, log_level: str = "INFO") -> Lab:
        folder = tmp_path_factory.mktemp("lab")
        lab = _start(folder, api_url, token, log_level, options)
        stack.callback(lab.stop)
        lab.come_up()
        return lab

    # Each is stopped, also where another does not stop.
    with ExitStack() as stack:
        yield start


def _start(folder: Path, api_url: str, token: str, log_level: str, options: tuple[str, ...]) -> Lab:
    root, log, port = folder / "files", folder / "log", free_port()
    root.mkdir()
    own = {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_TOKEN": JUPYTER_TOKEN,
        "JUPYTER_PREFER_ENV_PATH": "0",
        "LEADERSBOARD_API_URL": api_url,
        "LEADERSBOARD_API_TOKEN": token,
        "LEADERSBOARD_BOARD_URL": "/services/board",
        "PYTHONPATH": os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), str(EXTENSION)]),
    }
    extensions = json.dumps({"jupyterlab_leadersboard": True, "jupyterlab": False, "nbclassic": False})
    (folder / "config").mkdir()
    (folder / "config" / "jupyter_server_config.json").write_text(
        f'{{"ServerApp": {{"jpserver_extensions": {extensions}}}}}'
    )
    command = [sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", f"--port={port}"]
    command += ["--ip=127.0.0.1", f"--ServerApp.root_dir={root}", f"--Application.log_level={log_level}"]
    command += ["--ServerApp.base_url=/user/anna/", "--ServerApp.port_retries=0", *options]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=out, stderr=out)
    api = httpx.Client(base_url=api_url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    return Lab(f"http://127.0.0.1:{port}/user/anna", root, log, process, api)


@pytest.fixture
def new_lab(_started: NewLab) -> NewLab:
    """Start Jupyter servers for an API and a token."""
    return _started


@pytest.fixture(scope="session")
def lab(_started: NewLab, api_url: str) -> Lab:
    """Anna's Jupyter server; she is known to the API as `user150`."""
    return _started(api_url, "token150")


@pytest.fixture(scope="session")
def poor_lab(_started: NewLab, api_url: str) -> Lab:
    """A Jupyter server whose contents manager does no more than it must, and writes no more than a few bytes."""
    manager = "tests.integration.labextension.poor_contents.PoorContents"
    return _started(api_url, "token146", f"--ServerApp.contents_manager_class={manager}")


@pytest.fixture
def other_lab(_started: NewLab, api_url: str, _labs_users: Iterator[int]) -> Lab:
    """A Jupyter server of a user who has submitted nothing yet."""
    return _started(api_url, f"token{next(_labs_users)}")


@pytest.fixture(scope="session")
def _labs_users() -> Iterator[int]:
    # Behind those that the tests of the API take.
    return iter(range(151, 200))


@pytest.fixture
def outputs(settings: Settings) -> Callable[[str, dict[str, bytes]], None]:
    """Leave files for a job as its attempt would have."""

    def leave(job_id: str, files: dict[str, bytes]) -> None:
        folder = settings.home_path / "left" / uuid4().hex
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        FsspecJobFiles(settings.artifacts).keep(job_id, 0, folder, "")

    return leave
