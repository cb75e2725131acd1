"""`leadersboard verify` over a real database."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from leadersboard.adapters.ed25519_signatures import Ed25519Signer, make_key
from leadersboard.adapters.sql import SqlRecords, connect, migrate
from leadersboard.domain.job import Result
from leadersboard.settings import Settings
from tests.conftest import SettableClock
from tests.contract.rows import add_job, claim, completed, end


@pytest.fixture
def settings(tmp_path: Path, clock: SettableClock) -> Settings:
    """A platform with three results: one whole, one that was changed, one from before there were signatures."""
    settings = Settings(home=tmp_path)
    make_key(settings.signing_key)
    sign = Ed25519Signer(settings.signing_key)
    engine = connect(settings.database_dsn)
    migrate(engine)
    records = SqlRecords(engine)
    for job_id in ("whole", "changed", "old"):
        add_job(records, clock, job_id)
        job = claim(records, clock)
        assert job is not None
        end(records, clock, job, completed(job, sign, Result({"auroc": 0.5})))
        clock.time += timedelta(minutes=1)
    with engine.begin() as connection:
        connection.execute(text("""UPDATE results SET scored = '{"auroc": 0.9}' WHERE job_id = 'changed'"""))
        connection.execute(text("UPDATE results SET receipt = NULL WHERE job_id = 'old'"))
    engine.dispose()
    return settings


def verify(settings: Settings, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leadersboard.cli.main", "verify", *arguments],
        env={**os.environ, "LEADERSBOARD_HOME": str(settings.home_path), "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        check=False,
        input="n\n",
    )


def test_what_does_not_verify_is_listed_with_why(settings: Settings) -> None:
    done = verify(settings)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert any("changed after it was signed: metrics" in line and line.startswith("changed") for line in lines)
    assert any("never signed" in line and line.startswith("old") for line in lines)
    assert lines[-1] == "1 results verify, 2 do not."
    assert "署名の後に変更されています: metrics" in verify(settings, LC_ALL="ja_JP.UTF-8").stdout


def test_one_job_or_one_benchmark_can_be_asked_for(settings: Settings) -> None:
    assert verify(settings, "whole").returncode == 0
    assert verify(settings, "changed").returncode == 1
    assert verify(settings, "none-such").returncode == 4
    assert "0 results verify, 0 do not." in verify(settings, "--benchmark", "other").stdout


def test_an_operator_signs_what_never_was_after_being_asked(settings: Settings) -> None:
    assert verify(settings, "--sign-unsigned").stdout.endswith("1 results verify, 2 do not.\n")
    done = verify(settings, "--sign-unsigned", "--yes")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-2:] == ["1 results are signed now.", "2 results verify, 1 do not."]


def test_the_key_can_be_read_by_its_owner_alone(settings: Settings) -> None:
    assert settings.signing_key.stat().st_mode & 0o777 == 0o600
    assert settings.signing_key.with_name("signing-key.pub").is_file()
    assert settings.signing_key.parent.stat().st_mode & 0o777 == 0o700
