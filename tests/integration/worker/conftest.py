"""A whole platform for the tests: Redis, MLflow, the API, and workers that can be killed."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import uvicorn

from leadersboard.api.app import create_app
from leadersboard.settings import Settings
from leadersboard.supervisor.programs import redis_server
from tests.builders import form, notebook
from tests.conftest import free_port
from tests.integration.conftest import ServedApi, wait_until

BENCHMARKS = Path(__file__).parent / "benchmarks"
LABELS = {"a": 1, "b": 0, "c": 1, "d": 0}
PREDICT = """
import csv, pathlib
with open(pathlib.Path(output_dir, "predictions.csv"), "w") as file:
    file.write("image_id,anomaly_score\\na,0.9\\nb,0.1\\nc,0.2\\nd,0.3\\n")
"""


def write_tiny_dataset(data_root: Path) -> None:
    """Prepare the data of the tiny benchmark."""
    version = "0123456789abcdef"
    folder = data_root / "tiny" / version
    (folder / "public").mkdir(parents=True)
    (folder / "hidden").mkdir()
    (folder / "public" / "test.csv").write_text("image_id\n" + "\n".join(LABELS))
    (folder / "hidden" / "labels.json").write_text(json.dumps(LABELS))
    about = {"name": "tiny", "version": version, "digest": version * 4, "counts": {}}
    (folder / "dataset.json").write_text(json.dumps(about))
    (data_root / "tiny" / "current").write_text(version)


class Mlflow:
    """A real tracking server that can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--workers", "1", "--backend-store-uri", f"sqlite:///{self._folder}/mlflow.db"]
        command += ["--serve-artifacts", "--artifacts-destination", str(self._folder / "artifacts")]
        environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        wait_until(self.answers, 90)

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def runs(self, job_id: str) -> list[dict[str, Any]]:
        """Return the runs of all experiments that carry the job's id."""
        experiments = httpx.post(
            f"{self.url}/api/2.0/mlflow/experiments/search", json={"max_results": 100}, timeout=30
        ).json()["experiments"]
        found = httpx.post(
            f"{self.url}/api/2.0/mlflow/runs/search",
            json={
                "experiment_ids": [one["experiment_id"] for one in experiments],
                "filter": f"tags.`leadersboard.job_id` = '{job_id}'",
            },
            timeout=30,
        )
        runs: list[dict[str, Any]] = found.json().get("runs", [])
        return runs


class Redis:
    """A real Redis that can be stopped and started, keeping what was in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.socket = folder / "r.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        binary = redis_server()
        assert binary is not None
        options = [
            "--port",
            "0",
            "--unixsocket",
            self.socket,
            "--dir",
            self._folder,
            "--appendonly",
            "yes",
            "--save",
            "",
        ]
        self._process = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
        wait_until(self.socket.exists)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.socket.unlink(missing_ok=True)
            self._process = None


@dataclass
class Worker:
    """A worker's process."""

    process: subprocess.Popen[bytes]
    log: Path

    def processes(self) -> list[psutil.Process]:
        """Return the worker's process and all below it."""
        whole = psutil.Process(self.process.pid)
        return [whole, *whole.children(recursive=True)]

    def kill(self, number: int = signal.SIGKILL) -> None:
        self.process.send_signal(number)
        self.process.wait(60)


@dataclass
class Stack:
    """All of it, and a client that is somebody."""

    settings: Settings
    mlflow: Mlflow
    redis: Redis
    client: httpx.Client
    workers: list[Worker] = field(default_factory=list)

    def start_worker(self, **changed: str) -> Worker:
        """Start a worker; `changed` are settings of its own, by the names of their environment variables."""
        own = {
            "LEADERSBOARD_HOME": str(self.settings.home),
            "LEADERSBOARD_BENCHMARKS_DIR": str(self.settings.benchmarks_dir),
            "LEADERSBOARD_DEFAULT_BENCHMARK": self.settings.default_benchmark,
            "LEADERSBOARD_SMALL_MEMORY_BYTES": str(self.settings.small_memory_bytes),
            "LEADERSBOARD_SMALL_WALL_SECONDS": str(self.settings.small_wall_seconds),
            "LEADERSBOARD_MEDIUM_WALL_SECONDS": str(self.settings.medium_wall_seconds),
            "LEADERSBOARD_LOG_BYTES": str(self.settings.log_bytes),
            "LEADERSBOARD_LEASE_SECONDS": str(self.settings.lease_seconds),
            "LEADERSBOARD_HEARTBEAT_SECONDS": str(self.settings.heartbeat_seconds),
            "LEADERSBOARD_RECONCILE_SECONDS": "1",
            "LEADERSBOARD_GRACE_SECONDS": "1",
            "REDIS_URL": self.settings.redis_url,
            "MLFLOW_TRACKING_URI": self.settings.mlflow_tracking_uri,
            "SECRET_OF_THE_WORKER": "must not be seen",
        }
        log = self.settings.home / f"worker{len(self.workers)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "leadersboard.cli.main", "worker"],
                env={**os.environ, **own, **changed},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.workers.append(Worker(process, log))
        wait_until(lambda: b"working on" in log.read_bytes() or process.poll() is not None, 60)
        assert process.poll() is None, log.read_text()
        return self.workers[-1]

    def submit(self, *cells: str, files: Mapping[str, bytes] | None = None, **config: Any) -> str:
        """Submit a notebook of `cells`, or `files` with a main.py, and return the job's id."""
        entrypoint = "main.py" if files else "nb.ipynb"
        sent = files or {"nb.ipynb": notebook(*cells)}
        answer = self.client.post("/submissions", files=form(sent), data={"entrypoint": entrypoint})
        assert answer.status_code == 201, answer.text
        body = {"submission_id": answer.json()["submission_id"], "config": config}
        answer = self.client.post("/jobs", json=body)
        assert answer.status_code == 202, answer.text
        job_id: str = answer.json()["job_id"]
        return job_id

    def status(self, job_id: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.get(f"/jobs/{job_id}/status").json()
        return answer

    def wait_for(self, job_id: str, seen: Callable[[dict[str, Any]], object], seconds: float = 60) -> dict[str, Any]:
        """Wait until the job's status is one that `seen` holds for, and return it."""
        found: list[dict[str, Any]] = []

        def look() -> object:
            found.append(self.status(job_id))
            return seen(found[-1])

        wait_until(look, seconds)
        return found[-1]

    def ended(self, job_id: str, seconds: float = 60) -> dict[str, Any]:
        return self.wait_for(job_id, lambda job: job["status"] in ("completed", "failed", "cancelled"), seconds)

    def log(self, job_id: str) -> str:
        logs: str = self.client.get(f"/jobs/{job_id}/logs").json()["logs"]
        return logs


@contextmanager
def running_stack(folder: Path, **changed: Any) -> Iterator[Stack]:
    """Run a platform without a worker; `changed` are settings other than those of the tiny benchmark."""
    mlflow, redis = Mlflow(folder), Redis(folder)
    with ExitStack() as ends:
        ends.callback(redis.stop)
        redis.start()
        ends.callback(mlflow.stop)
        mlflow.start()
        with _served(folder, mlflow, redis, changed) as stack:
            yield stack


@contextmanager
def _served(folder: Path, mlflow: Mlflow, redis: Redis, changed: Mapping[str, Any]) -> Iterator[Stack]:
    usual: dict[str, Any] = {
        "home": folder / "home",
        "redis_url": f"unix://{redis.socket}",
        "mlflow_tracking_uri": mlflow.url,
        "api_tokens": "alice:secret",
        "api_port": free_port(),
        "benchmarks_dir": BENCHMARKS,
        "default_benchmark": "tiny",
        "max_submissions_per_hour": 1000,
        "max_concurrent_running": 100,
        "small_memory_bytes": 600 * 1024**2,
        "small_wall_seconds": 40,
        "medium_wall_seconds": 15,
        "log_bytes": 100_000,
        "lease_seconds": 4,
        "heartbeat_seconds": 0.5,
        "min_free_bytes": 0,
    }
    settings = Settings(**{**usual, **changed})
    with (
        ServedApi(uvicorn.Config(create_app(settings), port=settings.api_port, log_level="warning")) as url,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer secret"}, timeout=60) as client,
    ):
        stack = Stack(settings, mlflow, redis, client)
        try:
            yield stack
        finally:
            for worker in stack.workers:
                if worker.process.poll() is None:
                    worker.kill()


@pytest.fixture
def gate(stack: Stack) -> Path:
    """A file that a test makes when a job may go on. It lies among the weights: of those, jobs see what comes."""
    stack.settings.weights.mkdir(parents=True, exist_ok=True)
    return stack.settings.weights / f"gate-{uuid.uuid4().hex}"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A platform without a worker, with the tiny benchmark."""
    folder = tmp_path_factory.mktemp("s")
    write_tiny_dataset(folder / "home" / "data")
    with running_stack(folder) as stack:
        yield stack
