"""Connections, and the migrations that bring a database to the tables of this version."""

import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

BUSY_SECONDS = 30
# A server that does not answer is away, not slow: after this long whoever waits is told so.
_AWAY = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}
_UNACKNOWLEDGED_MILLISECONDS = 15_000
# Any number will do as long as nothing else in the same PostgreSQL database uses it.
_MIGRATION_LOCK = 8_010_2026


def connect(dsn: str) -> Engine:
    """Return an engine for `dsn`; nothing is connected until it is used."""
    url = make_url(dsn)
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url, pool_size=10, max_overflow=40, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
        )
        event.listen(engine, "do_connect", _Existing(url.database))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    waits = {**_AWAY, "tcp_user_timeout": _UNACKNOWLEDGED_MILLISECONDS}
    # Errors end up in logs, and parameters are what people have sent.
    return create_engine(
        url, pool_size=10, max_overflow=40, pool_pre_ping=True, hide_parameters=True, connect_args=waits
    )


class _Existing:
    """Keeps SQLite from making a new, empty database where the one that was there is gone for a while."""

    def __init__(self, database: str | None) -> None:
        self._path = Path(database) if database else None
        self._was_there = False

    def __call__(self, *_: Any) -> None:
        if self._path is None:
            return
        if self._was_there and not self._path.exists():
            raise sqlite3.OperationalError(f"{self._path} is not there")
        self._was_there = True


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin transactions by itself, and late; `_begin_sqlite` does it where SQLAlchemy says so.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later can fail at the write, whatever the busy timeout:
    # writers take the lock at once.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(engine: Engine) -> None:
    """Bring the database to the newest tables. Processes that start together take turns."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
