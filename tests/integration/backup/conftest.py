"""An installation with something of everything in it, made without running it."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leadersboard.bootstrap import build_platform, build_signer
from leadersboard.domain.job import Job, JobEvent, Result
from leadersboard.domain.signature import Receipt, Statement
from leadersboard.domain.submission import StoredFile, Submission
from leadersboard.ports.records import Claim, Ending
from leadersboard.settings import Settings

THEN = datetime(2026, 4, 1, 9, tzinfo=UTC)


def installation(home: Path, **more: object) -> Settings:
    return Settings(home=home, redis_url="unix:///nowhere", **more)  # type: ignore[arg-type]


def fill(settings: Settings, jobs: int = 3) -> list[str]:
    """Put completed jobs with all their files into the installation; return their ids."""
    settings.home_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    platform = build_platform(settings)
    sign = build_signer(settings)
    ids = [f"{number:032x}" for number in range(jobs)]
    for number, job_id in enumerate(ids):
        now = THEN + timedelta(days=number)
        submission = Submission(
            f"{number:031x}a", "alice", now, "main.py", "c.yaml", (StoredFile("main.py", 1, "ab"),), "d", {}, None
        )
        files = Path(settings.uploads, submission.submission_id)
        files.mkdir(parents=True)
        (files / "main.py").write_text(f"print({number})")
        for attempt in (1, 2):
            outputs = Path(settings.artifacts, job_id, f"attempt-{attempt}", "outputs")
            outputs.mkdir(parents=True)
            (outputs / "predictions.csv").write_bytes(bytes([number]) * 500)
            platform.logs.append(job_id, attempt, "é" * 50)
        with platform.records.writing() as transaction:
            transaction.submissions.add(submission)
            transaction.jobs.add(
                Job(job_id, submission.submission_id, "alice", "small", now, now, "tiny", "1", max_attempts=3)
            )
            claimed = transaction.jobs.claim_next(Claim("w", ["small"], now, now + timedelta(seconds=15), 100))
            assert claimed is not None
            result = Result({"accuracy": 0.5 + number / 10})
            statement = Statement(job_id, "alice", "d", "tiny", "1", result)
            ending = Ending(JobEvent.COMPLETE, result=result, receipt=Receipt.of(statement, sign))
            assert transaction.jobs.end(job_id, 1, ending, now + timedelta(minutes=1))
            transaction.jobs.mark_recorded(job_id, f"run{number}", now + timedelta(minutes=2))
    platform.engine.dispose()
    return ids


def furnish(settings: Settings) -> None:
    """Put in what other parts keep: MLflow's and the hub's databases and files, a data set, and what is passing."""
    home = settings.home_path
    for database in (home / "mlflow" / "mlflow.db", home / "hub" / "jupyterhub.sqlite"):
        database.parent.mkdir()
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE things (name TEXT)")
            connection.execute("INSERT INTO things VALUES ('kept')")
            connection.commit()
    (home / "mlflow" / "artifacts").mkdir()
    (home / "mlflow" / "artifacts" / "log.txt").write_text("logged")
    user = home / "hub" / "users" / "alice"
    user.mkdir(parents=True)
    (user / "my notebook.ipynb").write_text("{}")
    (user / "link").symlink_to("my notebook.ipynb")
    (home / "hub" / "cookie_secret").write_text("secret")
    (home / "hub" / "cookie_secret").chmod(0o600)
    version = "0123456789abcdef"
    (settings.data / "tiny" / version).mkdir(parents=True)
    about = {"name": "tiny", "version": version, "digest": version * 4, "counts": {}}
    (settings.data / "tiny" / version / "dataset.json").write_text(json.dumps(about))
    (settings.data / "tiny" / "current").write_text(version)
    incoming = Path(settings.uploads, ".incoming", "half")
    incoming.mkdir(parents=True)
    (incoming / "main.py").write_text("half")
    (home / "scratch").mkdir()


@pytest.fixture
def full(tmp_path: Path) -> Settings:
    settings = installation(tmp_path / "home")
    fill(settings)
    furnish(settings)
    return settings
