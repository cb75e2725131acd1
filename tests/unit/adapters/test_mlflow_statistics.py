"""MLflow's database knows how much is in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from leadersboard.adapters.mlflow_statistics import SqliteStatistics


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE metrics (run TEXT, value REAL)")
        connection.execute("CREATE INDEX by_run ON metrics (run)")
        connection.executemany("INSERT INTO metrics VALUES (?, ?)", ((f"r{number}", number) for number in range(3000)))
    return path


def known(database: Path) -> dict[str, str]:
    with closing(sqlite3.connect(database)) as connection:
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone()
        return dict(connection.execute("SELECT idx, stat FROM sqlite_stat1")) if there else {}


@pytest.fixture
def locked(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield connection


def test_after_a_refresh_the_planner_knows_the_tables(database: Path) -> None:
    assert known(database) == {}
    assert SqliteStatistics(database).refresh()
    # About how many rows there are, and how many have the same run.
    rows, same_run = map(int, known(database)["by_run"].split()[:2])
    assert rows >= 1000
    assert same_run == 1


def test_a_database_in_use_is_left_for_later(
    database: Path, locked: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadersboard.adapters.mlflow_statistics._PATIENCE_SECONDS", 0.1)
    assert not SqliteStatistics(database).refresh()
    locked.rollback()
    assert SqliteStatistics(database).refresh()


def test_where_mlflow_has_another_database_nothing_is_made(tmp_path: Path) -> None:
    assert SqliteStatistics(tmp_path / "mlflow.db").refresh()
    assert list(tmp_path.iterdir()) == []
