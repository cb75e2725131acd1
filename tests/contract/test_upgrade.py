"""A database of the version before is taken along: what was there stays, and is neither signed nor charged anew."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

import leadersboard.adapters.sql
from leadersboard.adapters.ed25519_signatures import Ed25519Signer, verifier_of
from leadersboard.adapters.sql import SqlRecords, connect, migrate
from leadersboard.domain.quota import Charge, ChargedFor
from leadersboard.domain.signature import Defect, Flaw
from leadersboard.usecases.verify_results import verify_results
from tests.conftest import fresh_database

THEN = datetime(2026, 4, 1, 9, tzinfo=UTC)
_SUBMISSION = {
    "submission_id": "s",
    "user_id": "alice",
    "created_at": "2026-04-01 09:00:00.000000",
    "entrypoint": "main.py",
    "config_file": "config.yaml",
    "files": "[]",
    "digest": "d",
    "metadata": "{}",
}
_JOB = {
    "job_id": "j",
    "submission_id": "s",
    "user_id": "alice",
    "resource_class": "small",
    "benchmark": "b",
    "benchmark_version": "1",
    "parameters": "{}",
    "config": "{}",
    "status": "completed",
    "attempt": 1,
    "max_attempts": 3,
    "created_at": "2026-04-01 09:00:00.000000",
    "updated_at": "2026-04-01 09:00:00.000000",
}
_RESULT = {
    "job_id": "j",
    "attempt": 1,
    "scored": json.dumps({"auroc": 0.5}),
    "intervals": "{}",
    "by_category": "{}",
    "reported": "{}",
    "reported_params": "{}",
    "created_at": "2026-04-01 09:00:00.000000",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database as the version before left it, with a result in it."""
    dsn = (
        f"sqlite:///{tmp_path}/records.db"
        if request.param == "sqlite"
        else fresh_database(request.getfixturevalue("postgres_url"))
    )
    engine = connect(dsn)
    config = Config()
    config.set_main_option("script_location", str(Path(leadersboard.adapters.sql.__file__).parent / "migrations"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for table, row in (("submissions", _SUBMISSION), ("jobs", _JOB), ("results", _RESULT)):
            names = ", ".join(row)
            places = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), row)  # noqa: S608
    return engine


def test_what_was_there_stays_unsigned_and_is_charged_when_it_was_made(before: Engine, sign: Ed25519Signer) -> None:
    migrate(before)
    records = SqlRecords(before, verifier_of([sign.public_key]))
    with records.reading() as transaction:
        job = transaction.jobs.get("j")
        assert job is not None
        assert job.result is not None
        assert (job.result.scored, job.restored_cells) == ({"auroc": 0.5}, None)
        assert transaction.jobs.board("b", "1") == []
        assert transaction.ledger.entries("alice", 10) == [Charge("s", THEN, ChargedFor.SUBMISSION)]
    assert [one.defect for one in verify_results(records)] == [Defect(Flaw.UNSIGNED)]
    before.dispose()
