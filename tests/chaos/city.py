"""A whole platform of real processes, a steady stream of notebook jobs through it, and what must hold afterwards."""

import contextlib
import itertools
import json
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psutil
from sqlalchemy import Engine, NullPool, RowMapping, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from leadersboard.adapters.sql.mapping import failure_of
from leadersboard.bootstrap import build_platform, build_shelves
from leadersboard.domain.job import FINAL, Reason
from leadersboard.settings import Settings
from leadersboard.usecases.prune import remove_unclaimed
from tests.builders import form, notebook
from tests.chaos.parts import Between, Part, mlflow, redis
from tests.conftest import free_port
from tests.integration.conftest import wait_until
from tests.integration.worker.conftest import BENCHMARKS, PREDICT, write_tiny_dataset

LEASE_SECONDS = 6
# What is written down of a disk is written within this.
SETTLE_SECONDS = 240
FREE_BYTES = 4 * 1024**2
# A while in which faults find the job at work, and an output that takes a moment to keep.
WORK = """
import pathlib, time
print("at work", flush=True)
time.sleep(1)
pathlib.Path(output_dir, "picture.bin").write_bytes(bytes(2_000_000))
"""
_UNDER_WAY = 3
SHIFTED = Path(__file__).with_name("shifted.py")


@dataclass(frozen=True)
class Victim:
    """The job that a fault is aimed at, as it stood then."""

    job_id: str
    attempt: int
    worker: str | None


@dataclass
class City:
    """The platform. `disks` are the folders that a fault may fill, each a small disk of its own where that can be."""

    folder: Path
    settings: Settings
    environment: dict[str, str]
    between: Between
    redis: Part
    mlflow: Part
    api: Part
    workers: list[Part] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    asked: int = 0
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _flowing: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _stream: threading.Thread | None = None

    # Parts -----------------------------------------------------------------------------------------------------

    def start_worker(self, *, within: Sequence[str] = (), **changed: str) -> Part:
        """Start a worker; `within` is a command that runs it somewhere else, `changed` are settings of its own."""
        number = next(self._numbers)
        log = self.folder / f"worker{number}.log"
        environment = {**self.environment, "CHAOS_CLOCK": str(self.folder / f"clock{number}"), **changed}
        part = Part("worker", (*within, sys.executable, str(SHIFTED), "worker"), log, log, environment)
        part.start()
        self.workers.append(part)
        return part

    def worker_is_ready(self, part: Part) -> bool:
        return b"working on" in part.log.read_bytes()

    def wait_for_workers(self) -> None:
        for part in self.workers:
            wait_until(lambda part=part: self.worker_is_ready(part) or part.ended, 120)
            assert not part.ended, part.log.read_text()[-3000:]

    def worker_of(self, victim: Victim) -> Part:
        """Return the worker that has the victim, or any where none has."""
        pid = int((victim.worker or "-0").rpartition("-")[2])
        return next((part for part in self.workers if part.pid == pid), self.workers[0])

    def replace(self, worker: Part) -> None:
        """Start a worker where one was killed, as what supervises them would."""
        self.workers.remove(worker)
        self.start_worker()

    # Jobs ------------------------------------------------------------------------------------------------------

    def flow(self) -> None:
        """Keep jobs coming, from now on."""
        self._flowing.set()
        if self._stream is None:
            self._stream = threading.Thread(target=self._submit_for_ever)
            self._stream.start()

    def dam(self) -> None:
        """Send no more jobs; what is being sent is sent to its end."""
        self._flowing.clear()

    def _submit_for_ever(self) -> None:
        while not self._over.wait(0.05):
            if self._flowing.is_set() and len(self._unfinished()) < _UNDER_WAY:
                self.asked += 1
                self.accepted.append(self._submit())

    def _submit(self) -> str:
        """Submit until it is accepted: what was asked for once is there once, however often it was asked."""
        key = uuid.uuid4().hex
        cells = {"nb.ipynb": notebook(f"# {key}", WORK, PREDICT)}
        sent = self._ask("/submissions", key, files=form(cells), data={"entrypoint": "nb.ipynb"})
        job = self._ask("/jobs", key, json={"submission_id": sent["submission_id"]})
        return str(job["job_id"])

    def _ask(self, path: str, key: str, **what: Any) -> dict[str, Any]:
        headers = {"Authorization": "Bearer secret", "Idempotency-Key": key}
        while not self._over.is_set():
            with contextlib.suppress(httpx.HTTPError):
                answer = httpx.post(
                    f"http://127.0.0.1:{self.settings.api_port}{path}", headers=headers, timeout=20, **what
                )
                if answer.is_success:
                    found: dict[str, Any] = answer.json()
                    return found
                assert answer.status_code >= 500, answer.text
            self._over.wait(0.2)
        raise RuntimeError("the city was closed while a job was being submitted")

    # What the records say --------------------------------------------------------------------------------------

    def rows(self, query: str, **values: object) -> Sequence[RowMapping]:
        """Ask the database itself, beside the platform."""
        while True:
            try:
                with self._engine.connect() as connection:
                    return connection.execute(text(query), values).mappings().all()
            except OperationalError:
                # A disk that is full, or a database that is away, is part of the exercise.
                time.sleep(0.05)

    @cached_property
    def _engine(self) -> Engine:
        url = make_url(self.settings.database_dsn)
        if url.get_backend_name() == "sqlite":
            # Whoever only looks must not make a database where there is none.
            return create_engine(f"sqlite:///file:{url.database}?mode=ro&uri=true", poolclass=NullPool)
        return create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)

    @property
    def database(self) -> Path:
        return self.settings.home_path / "leadersboard.db"

    def _unfinished(self) -> list[str]:
        return [row["job_id"] for row in self.rows("SELECT job_id FROM jobs WHERE finished_at IS NULL")]

    def victim_at(self, stage: str, worker: Part | None = None) -> Victim:
        """Wait until a job comes to `stage`, with `worker` where it matters, and return it at once."""
        where = "status = 'pending'" if stage == "pending" else "status = 'running' AND stage = :stage"
        query = f"SELECT job_id, attempt, worker FROM jobs WHERE {where} ORDER BY updated_at DESC"  # noqa: S608
        values = {} if stage == "pending" else {"stage": stage}
        found: list[RowMapping] = []

        def look() -> bool:
            whose = f"-{worker.pid}" if worker is not None else ""
            found[:] = [row for row in self.rows(query, **values) if (row["worker"] or "").endswith(whose)]
            return bool(found)

        wait_until(look, 120)
        return Victim(found[0]["job_id"], found[0]["attempt"], found[0]["worker"])

    def job(self, job_id: str) -> RowMapping:
        return self.rows("SELECT * FROM jobs WHERE job_id = :job_id", job_id=job_id)[0]

    def is_elsewhere(self, victim: Victim) -> bool:
        """Whether the victim is with another attempt, or over."""
        now = self.job(victim.job_id)
        return now["finished_at"] is not None or (now["attempt"] > victim.attempt and now["status"] == "running")

    # What must hold --------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Wait until everything that was asked for is there, has ended, and is recorded."""
        self.dam()
        wait_until(lambda: len(self.accepted) == self.asked, SETTLE_SECONDS)
        unsettled = "SELECT count(*) AS n FROM jobs WHERE finished_at IS NULL OR recorded_at IS NULL"
        wait_until(lambda: self.rows(unsettled)[0]["n"] == 0, SETTLE_SECONDS)

    def check(self) -> None:
        """See that nothing is lost, nothing is there twice, nothing is left over."""
        jobs = {row["job_id"]: row for row in self.rows("SELECT * FROM jobs")}
        assert sorted(jobs) == sorted(self.accepted)
        assert {row["status"] for row in jobs.values()} <= {status.value for status in FINAL}
        completed = sorted(job_id for job_id, row in jobs.items() if row["status"] == "completed")
        # A result is that of the attempt which the job says it was done by, not of one that had lost it.
        results = {row["job_id"]: row["attempt"] for row in self.rows("SELECT job_id, attempt FROM results")}
        assert results == {job_id: jobs[job_id]["attempt"] for job_id in completed}
        # What has ended by a clock that is wrong is found when the board is counted, seconds later.
        wait_until(lambda: sorted(self._board()) == completed, 30)
        assert Counter(self._runs()) == Counter(dict.fromkeys(jobs, 1))
        self._check_charges(jobs)
        self._check_folders(jobs)
        self._check_processes()

    def _board(self) -> list[str]:
        address = f"http://127.0.0.1:{self.settings.api_port}/leaderboard/tiny"
        found: list[str] = []
        while True:
            answer = httpx.get(
                address,
                params={"limit": 500, "offset": len(found)},
                headers={"Authorization": "Bearer secret"},
                timeout=60,
            ).json()
            found += [row["job_id"] for row in answer["rows"]]
            if len(found) >= answer["total"]:
                return found

    def _runs(self) -> list[str]:
        base = self.mlflow.ready.removesuffix("/health") if isinstance(self.mlflow.ready, str) else ""
        experiments = httpx.post(
            f"{base}/api/2.0/mlflow/experiments/search", json={"max_results": 100}, timeout=60
        ).json()["experiments"]
        asked = {"experiment_ids": [one["experiment_id"] for one in experiments], "max_results": 50000}
        runs = httpx.post(f"{base}/api/2.0/mlflow/runs/search", json=asked, timeout=60).json().get("runs", [])
        assert {run["info"]["status"] for run in runs} <= {"FINISHED", "FAILED", "KILLED"}
        tags = [{tag["key"]: tag["value"] for tag in run["data"]["tags"]} for run in runs]
        return [about["leadersboard.job_id"] for about in tags]

    def _check_charges(self, jobs: Mapping[str, RowMapping]) -> None:
        """Every submission is charged once; what the platform failed at was given back."""
        charges = {row["submission_id"]: row for row in self.rows("SELECT * FROM quota_ledger")}
        assert len(charges) == len(jobs)
        for row in jobs.values():
            failure = row["failure"]
            about = failure_of(json.loads(failure) if isinstance(failure, str) else failure)
            ours = about is not None and about.reason in (Reason.PLATFORM_ERROR, Reason.SCORING_ERROR)
            assert (charges[row["submission_id"]]["returned_at"] is not None) == ours, dict(row)

    def _check_folders(self, jobs: Mapping[str, RowMapping]) -> None:
        settings = self.settings
        shorts = {job_id[:12] for job_id in jobs}

        def left() -> list[str]:
            scratch = [path.name for path in settings.scratch.iterdir()] if settings.scratch.exists() else []
            return scratch + [path.name for path in settings.run_root.iterdir() if path.name[:12] in shorts]

        wait_until(lambda: left() == [], 30)
        platform = build_platform(settings)
        # Uploads that were cut off wait for a day.
        remove_unclaimed(timedelta(0), build_shelves(platform))
        platform.engine.dispose()
        known = {row["submission_id"] for row in self.rows("SELECT submission_id FROM submissions")}
        for root, names in ((settings.uploads, known), (settings.artifacts, set(jobs)), (settings.logs, set(jobs))):
            assert {path.name for path in Path(root).iterdir()} - {".incoming"} <= names

    def _check_processes(self) -> None:
        """Workers have let go of everything: no process of a job is left, no device is taken."""
        for part in self.workers:
            wait_until(lambda part=part: not jobs_of(part), 30)
        pids = {str(part.pid) for part in self.workers}

        def idle() -> list[bool]:
            roll = self.rows("SELECT worker, busy FROM workers")
            return [row["busy"] == 0 for row in roll if row["worker"].rpartition("-")[2] in pids]

        wait_until(lambda: idle() == [True] * len(self.workers), 30)
        below = {process.pid for part in self.workers for process in part.below()}
        strays = [
            process.info["cmdline"]
            for process in psutil.process_iter(["pid", "cmdline"])
            if process.info["pid"] not in below
            and any(self._is_of_a_job(word) for word in process.info["cmdline"] or ())
        ]
        assert strays == []

    def _is_of_a_job(self, word: str) -> bool:
        return str(self.settings.scratch) in word or (f"{self.settings.run_root}/" in word and "/k" in word)

    def close(self) -> None:
        self._over.set()
        self._flowing.clear()
        if self._stream is not None:
            self._stream.join()
        for part in (*self.workers, self.api, self.mlflow, self.redis):
            with contextlib.suppress(psutil.Error):
                part.stop_all(signal.SIGCONT)
            part.kill()
        self.between.close()


def jobs_of(worker: Part) -> list[psutil.Process]:
    """Return the processes of runs below a worker: all that its forkserver has forked, and what those have started."""
    return [process for process in worker.below() if _says(process, "Kernel.launch_instance", "bwrap")]


def _says(process: psutil.Process, *words: str) -> bool:
    try:
        line = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return any(word in line for word in words)


def process_of(city: City, victim: Victim, mark: str) -> psutil.Process | None:
    """Return the kernel (`mark` r) or the scorer's (s) of the victim: the Python process itself, not its walls."""
    connection = f"/{victim.job_id[:12]}{mark}"
    for process in city.worker_of(victim).below():
        with contextlib.suppress(psutil.Error):
            words = process.cmdline()
            if words and "python" in Path(words[0]).name and any(connection in word for word in words):
                return process
    return None


@contextmanager
def open_city(
    folder: Path,
    prepare: Callable[[Path], None] = lambda _: None,
    *,
    address: str = "127.0.0.1",
    listen: Sequence[str] = (),
    **changed: Any,
) -> Iterator[City]:
    """Bring a platform with two workers up; `prepare` sees its empty folders first.

    What stands before MLflow listens on `address`; `listen` is how Redis does, beside its socket.
    """
    home = folder / "home"
    for path in (home, folder / "mlflow", folder / "redis"):
        path.mkdir(parents=True)
    prepare(folder)
    write_tiny_dataset(home / "data")
    port = free_port()
    between = Between(f"http://127.0.0.1:{port}", address)
    settings = Settings(
        **{
            "home": home,
            "redis_url": f"unix://{folder}/redis/r.sock",
            "mlflow_tracking_uri": between.url,
            "api_tokens": "alice:secret",
            "api_port": free_port(),
            "benchmarks_dir": BENCHMARKS,
            "default_benchmark": "tiny",
            "max_submissions_per_hour": 100_000,
            "max_concurrent_running": 100,
            "lease_seconds": LEASE_SECONDS,
            "heartbeat_seconds": 1,
            "reconcile_seconds": 1,
            "grace_seconds": 2,
            "max_attempts": 9,
            "min_free_bytes": FREE_BYTES,
            **changed,
        }
    )
    environment = _environment(settings)
    shifting = {**environment, "CHAOS_CLOCK": str(folder / "clock-of-api")}
    ready = f"http://127.0.0.1:{settings.api_port}/healthz"
    api = Part("api", (sys.executable, str(SHIFTED), "api"), folder / "api.log", ready, shifting)
    city = City(
        folder, settings, environment, between, redis(folder / "redis", *listen), mlflow(folder / "mlflow", port), api
    )
    try:
        for part in (city.redis, city.mlflow, city.api):
            part.start()
        for part in (city.redis, city.api, city.mlflow):
            part.wait_ready()
        for _ in range(2):
            city.start_worker()
        city.wait_for_workers()
        yield city
    finally:
        city.close()


def _environment(settings: Settings) -> dict[str, str]:
    original = {"redis_url", "mlflow_tracking_uri", "api_tokens", "max_submissions_per_hour", "max_concurrent_running"}
    return {
        (name.upper() if name in original else f"LEADERSBOARD_{name.upper()}"): str(getattr(settings, name))
        for name in settings.model_fields_set
    }
