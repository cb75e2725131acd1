"""A database file of the first version is brought along by every migration since, and nothing in it is lost."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadersboard.adapters.sql import SqlRecords, connect, migrate
from leadersboard.domain.job import Failure, JobStatus, Reason, Result, Stage
from leadersboard.ports.records import JobFilter, Page

DUMP = Path(__file__).parent / "revision_0001.sql"
TABLES = ("users", "submissions", "jobs", "results")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "leadersboard.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    return path


def rows(file: Path, columns: dict[str, list[str]]) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall())  # noqa: S608
            for table, names in columns.items()
        }


def columns(file: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(file)) as connection:
        return {table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")] for table in TABLES}


def test_every_row_of_the_first_version_stays_as_it_was(file: Path) -> None:
    first = columns(file)
    before = rows(file, first)
    engine = connect(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    assert rows(file, first) == before
    assert [len(before[table]) for table in TABLES] == [1, 5, 5, 1]


def test_what_the_first_version_wrote_can_be_read_and_worked_on(file: Path) -> None:
    engine = connect(f"sqlite:///{file}")
    migrate(engine)
    migrate(engine)
    records = SqlRecords(engine)
    with records.writing() as transaction:
        jobs = {job.status: job for job in transaction.jobs.page(JobFilter(), Page()).items}
        done, failed, runs = (jobs[status] for status in (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.RUNNING))
        assert done.result == Result(
            {"accuracy": 0.75}, {"accuracy": (0.5, 0.9)}, {"wafer": {"accuracy": 0.75}}, {"loss": 0.1}, {"epochs": "2"}
        )
        assert failed.failure == Failure(Reason.TIMEOUT, "too long", "長い", 3, None, "t", peak_memory_bytes=7)
        assert (runs.stage, runs.cell, runs.lease_expires_at) == (
            Stage.EXECUTING,
            2,
            datetime(2026, 3, 1, 9, 0, 9, tzinfo=UTC),
        )
        assert len(transaction.ledger.entries("alice", 10)) == 5
        assert [job.job_id for job in transaction.jobs.running()] == [runs.job_id]
        assert [job.size for job in transaction.retention.unmeasured(10)] == [None]
        assert transaction.figures.take().unrecorded == 1
    engine.dispose()
