"""Each obstacle gives one line that says what to do, and leaves nothing running."""

import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leadersboard.exposure import DefaultTokenExposed, check_exposure, is_loopback
from leadersboard.settings import Settings

if TYPE_CHECKING:
    from tests.integration.supervisor.conftest import Installation


def _refused(installation: "Installation") -> str:
    up = installation.command("up", "--no-baselines")
    assert up.returncode == 2, up.stderr
    assert installation.processes() == []
    assert "Traceback" not in up.stderr
    return up.stderr.strip().splitlines()[-1]


def test_a_busy_port_is_named_with_the_setting_that_moves_it(installation: "Installation") -> None:
    with socket.create_server(("127.0.0.1", installation.port)):
        line = _refused(installation)

    assert str(installation.port) in line
    assert "LEADERSBOARD_API_PORT" in line


def test_a_busy_port_of_mlflow_is_named_as_well(installation: "Installation") -> None:
    port = installation.with_mlflow()
    with socket.create_server(("127.0.0.1", port)):
        line = _refused(installation)

    assert "LEADERSBOARD_MLFLOW_PORT" in line


def test_a_full_disk_is_told_before_anything_starts(installation: "Installation") -> None:
    installation.environment["LEADERSBOARD_MIN_FREE_BYTES"] = str(10**18)

    assert "Make room" in _refused(installation)


def test_a_home_that_cannot_be_written_to_is_named(installation: "Installation", tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    installation.environment["LEADERSBOARD_HOME"] = str(tmp_path / "file" / "home")

    assert str(tmp_path / "file" / "home") in _refused(installation)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "board.example"])
def test_the_built_in_token_is_refused_where_others_can_reach_it(host: str) -> None:
    with pytest.raises(DefaultTokenExposed, match="API_TOKENS"):
        check_exposure(Settings(api_host=host))
    check_exposure(Settings(api_host=host, api_tokens="alice:a-secret"))
    with pytest.raises(DefaultTokenExposed):
        check_exposure(Settings(api_host=host, api_tokens="alice:a-secret, bob:devtoken"))


def test_up_refuses_the_built_in_token_on_all_addresses(installation: "Installation") -> None:
    installation.environment["LEADERSBOARD_API_HOST"] = "0.0.0.0"

    assert "API_TOKENS" in _refused(installation)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost"])
def test_loopback_is_known(host: str) -> None:
    assert is_loopback(host)
    check_exposure(Settings(api_host=host))


def test_tokens_that_the_api_would_not_take_are_told_at_once(installation: "Installation") -> None:
    installation.environment["API_TOKENS"] = "alice:"

    assert "API_TOKENS" in _refused(installation)


def test_a_setting_of_the_wrong_kind_is_named(installation: "Installation") -> None:
    installation.environment["LEADERSBOARD_WORKER_SLOTS"] = "many"

    assert "worker_slots" in _refused(installation).lower()


def test_what_it_keeps_is_for_its_user_alone(installation: "Installation") -> None:
    installation.up()

    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [installation.home, installation.settings.run_root]}
    assert set(modes.values()) == {0o700}
    assert stat.S_IMODE((installation.home / "secrets" / "baseline-token").stat().st_mode) == 0o600
    assert stat.S_IMODE((installation.settings.run_root / "supervisord.conf").stat().st_mode) == 0o600
