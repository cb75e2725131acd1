"""What all tests build on: a clock that can be set, and databases that are started for them."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine, create_engine, text

from leadersboard.adapters.ed25519_signatures import Ed25519Signer, make_key, verifier_of
from leadersboard.adapters.sql import SqlRecords, connect, migrate
from tests.dockerd import running_docker

_POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class SettableClock:
    """The `Clock` port, which stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 4, 1, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server for this test run, on a socket of its own."""
    if not _POSTGRES:
        pytest.skip("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    # Not below the folder of the tests, which is closed to the user that the server runs as.
    bin_dir, folder = _POSTGRES[-1], Path(tempfile.mkdtemp(prefix="pg"))
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
    if as_user:
        # The server refuses to run as root.
        os.chown(folder, 65534, 65534)
    run = lambda *command: subprocess.run([*as_user, *command], check=True, capture_output=True, cwd=folder)  # noqa: E731
    data = folder / "data"
    run(bin_dir / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    run(bin_dir / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
    yield f"postgresql://postgres@/postgres?host={folder}"
    run(bin_dir / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def docker_host() -> Iterator[str]:
    """The address of a Docker for this test run."""
    with running_docker() as host:
        yield host


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database with the tables of this version, once of each kind."""
    dsn = (
        f"sqlite:///{tmp_path}/records.db"
        if request.param == "sqlite"
        else fresh_database(request.getfixturevalue("postgres_url"))
    )
    engine = connect(dsn)
    migrate(engine)
    yield engine
    engine.dispose()


def fresh_database(server: str) -> str:
    """Return the address of an empty database on a PostgreSQL server."""
    name = f"test_{os.urandom(6).hex()}"
    admin = create_engine(server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def sign(tmp_path_factory: pytest.TempPathFactory) -> Ed25519Signer:
    """A key of the platform."""
    path = tmp_path_factory.mktemp("keys") / "signing-key"
    make_key(path)
    return Ed25519Signer(path)


@pytest.fixture
def records(engine: Engine, sign: Ed25519Signer) -> SqlRecords:
    return SqlRecords(engine, verifier_of([sign.public_key]))


def free_port() -> int:
    """Return a port of this machine that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def has_tool(name: str) -> bool:
    return shutil.which(name) is not None


def command_of(process: psutil.Process) -> list[str]:
    """Return the words of a process's command line; none where it has ended since it was listed."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
