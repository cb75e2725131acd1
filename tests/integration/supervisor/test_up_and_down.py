"""`leadersboard up` and `down` with real processes."""

import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pexpect
import psutil
import redis

from leadersboard.supervisor.identity import baseline_token, secret_file
from leadersboard.supervisor.preflight import port_is_free
from tests.conftest import command_of

if TYPE_CHECKING:
    from tests.integration.supervisor.conftest import Installation


def test_ctrl_c_ends_everything_and_leaves_no_process(installation: "Installation") -> None:
    up = installation.up()
    assert {process.name() for process in installation.processes()} >= {"redis-server"}

    up.send_signal(signal.SIGINT)
    said, _ = up.communicate(timeout=60)

    assert up.returncode == 0, said
    assert "has ended" in said
    assert installation.processes() == []
    assert port_is_free("127.0.0.1", installation.port)


def test_closing_the_terminal_ends_everything_too(installation: "Installation") -> None:
    environment = installation.environment | {"TERM": "xterm"}
    terminal = pexpect.spawn(
        sys.executable, ["-m", "leadersboard.cli.main", "up", "--no-baselines"], env=environment, encoding="utf-8"
    )
    terminal.expect("Press Ctrl-C", timeout=90)
    assert installation.processes()

    terminal.close()

    installation.eventually(lambda: installation.processes() == [])


def test_a_second_ctrl_c_ends_it_at_once_with_force(installation: "Installation") -> None:
    installation.environment["LEADERSBOARD_GRACE_SECONDS"] = "600"
    up = installation.up()
    installation.eventually(lambda: installation.pid_of("worker") is not None)
    worker = installation.pid_of("worker")
    assert worker is not None
    # A worker that is stopped cannot end by itself, whatever it is told.
    psutil.Process(worker).suspend()

    up.send_signal(signal.SIGINT)
    assert up.stdout is not None
    assert "again" in up.stdout.readline()
    up.send_signal(signal.SIGINT)

    assert up.wait(timeout=60) == 0
    assert installation.processes() == []


def test_every_part_comes_up_and_mlflow_follows_on_its_own(installation: "Installation") -> None:
    mlflow_port = installation.with_mlflow()
    installation.up()

    server = redis.Redis(unix_socket_path=str(installation.settings.run_root / "redis.sock"))
    assert server.ping()
    assert server.config_get("appendonly") == {"appendonly": "yes"}
    server.close()
    assert {part.name for part in installation.platform.parts()} == {"api", "mlflow", "redis", "worker"}
    installation.eventually(lambda: _answers(f"http://127.0.0.1:{mlflow_port}/health"))
    default = f"http://127.0.0.1:{mlflow_port}/api/2.0/mlflow/experiments/get-by-name?experiment_name=Default"
    assert httpx.get(default).status_code == 200
    assert httpx.get(default, headers={"Host": "evil.example"}).status_code == 403


def test_down_from_another_shell_ends_it_and_up_returns(installation: "Installation") -> None:
    up = installation.up()

    down = installation.command("down")

    assert (down.returncode, down.stderr) == (0, "")
    up.communicate(timeout=60)
    assert up.returncode == 0
    assert installation.processes() == []


def test_down_says_so_where_nothing_is_up(installation: "Installation") -> None:
    down = installation.command("down")

    assert down.returncode == 0
    assert "not up" in down.stdout


def test_a_second_up_says_that_it_is_up_and_leaves_it_alone(installation: "Installation") -> None:
    installation.up()
    before = installation.pid_of("api")

    second = installation.command("up", "--no-baselines")

    assert second.returncode == 0
    assert "up already" in second.stderr or "at work" in second.stderr
    assert str(installation.port) in second.stdout
    assert installation.pid_of("api") == before


def test_down_ends_what_a_killed_up_has_left(installation: "Installation") -> None:
    up = installation.up()
    up.kill()
    up.wait()
    assert installation.platform.is_up()

    assert installation.command("down").returncode == 0

    assert installation.processes() == []


def test_up_ends_with_a_sentence_when_its_supervisor_is_killed(installation: "Installation") -> None:
    up = installation.up()

    installation.supervisor().kill()
    said, _ = up.communicate(timeout=60)

    assert up.returncode == 3
    assert "ended by itself" in said
    assert installation.processes() == []


def test_up_takes_the_place_of_parts_that_nothing_supervises(installation: "Installation") -> None:
    assert installation.command("up", "--no-baselines", "-d").returncode == 0
    orphan = installation.pid_of("api")
    installation.supervisor().kill()
    assert orphan is not None

    again = installation.command("up", "--no-baselines", "-d")

    assert again.returncode == 0, again.stderr
    assert installation.pid_of("api") not in (None, orphan)


def test_detached_it_stays_until_down(installation: "Installation") -> None:
    assert installation.command("up", "--no-baselines", "--detach").returncode == 0

    installation.eventually(lambda: "running" in installation.command("status").stdout)
    assert installation.command("status").returncode == 0

    assert installation.command("down").returncode == 0
    assert installation.command("status").returncode == 3


def test_a_part_that_dies_comes_back(installation: "Installation") -> None:
    installation.up()
    installation.eventually(lambda: installation.pid_of("redis") is not None)
    first = installation.pid_of("redis")
    assert first is not None

    psutil.Process(first).kill()

    installation.eventually(lambda: installation.pid_of("redis") not in (None, first))


def test_no_part_is_told_the_tokens_and_their_file_holds_digests(installation: "Installation") -> None:
    installation.environment["API_TOKENS"] = "alice:very-secret"
    installation.up()
    secret = baseline_token(installation.settings)

    lines = [" ".join(command_of(process)) for process in installation.processes()]
    told = {
        part.name
        for part in installation.platform.parts()
        if part.pid and "very-secret" in str(psutil.Process(part.pid).environ())
    }

    assert not any(secret in line or "very-secret" in line for line in lines)
    assert told == set()
    kept = secret_file(installation.settings, "api-tokens")
    assert "very-secret" not in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert _status("alice", "very-secret", installation) == 200
    assert _status("baseline", secret, installation) == 200
    assert _status("dev", "devtoken", installation) == 401


def test_output_that_goes_to_a_file_has_no_control_characters(installation: "Installation") -> None:
    up: subprocess.CompletedProcess[str] = installation.command("up", "--no-baselines", "-d")

    assert all(character.isprintable() or character == "\n" for character in up.stdout + up.stderr)


def _status(user: str, token: str, installation: "Installation") -> int:
    url = f"http://127.0.0.1:{installation.port}/whoami"
    answer = httpx.get(url, headers={"Authorization": f"Bearer {token}"})
    if answer.is_success:
        assert answer.json()["user_id"] == user
    return answer.status_code


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.HTTPError:
        return False
