"""What users find in their servers, and that nothing is left of a hub that has ended."""

import json
from collections.abc import Callable
from pathlib import Path

import psutil

from leadersboard.supervisor.processes import wait_gone
from tests.conftest import command_of
from tests.integration.conftest import wait_until
from tests.integration.hub.conftest import Hub, answers, hub_environment


def is_part(process: psutil.Process, word: str) -> bool:
    return any(word in argument for argument in command_of(process))


def test_a_new_user_finds_the_guides_and_what_they_delete_stays_away(hub: Hub, new_user: Callable[[], str]) -> None:
    user = new_user()
    hub.token_of(user)
    hub.spawn(user)
    folder = hub.home / "hub" / "users" / user
    guide = folder / "getting-started.ipynb"
    assert json.loads(guide.read_text(encoding="utf-8"))["nbformat"] == 4
    assert folder.stat().st_mode & 0o077 == 0

    guide.unlink()
    hub.admin("DELETE", f"/users/{user}/server")
    wait_until(lambda: not hub.admin("GET", f"/users/{user}").json()["servers"], 60)
    hub.spawn(user)

    assert not guide.exists()


def test_culling_a_server_leaves_its_users_jobs_alone(hub: Hub, new_user: Callable[[], str]) -> None:
    from tests.integration.hub.test_who_one_is import submit

    user = new_user()
    hub.token_of(user)
    server = hub.spawn(user)
    client = hub.api(server.environ()["JUPYTERHUB_API_TOKEN"])
    job_id = submit(client)

    # What the culler does.
    hub.admin("DELETE", f"/users/{user}/server")

    assert wait_gone([server], 30)
    later = hub.api(hub.token_of(user))
    wait_until(lambda: later.get(f"/jobs/{job_id}/status").json()["status"] not in ("pending", "running"), 120)
    assert later.get(f"/jobs/{job_id}/status").json()["attempt"] == 1


def test_a_hub_that_was_killed_comes_back_to_its_users(hub: Hub, new_user: Callable[[], str]) -> None:
    user = new_user()
    hub.token_of(user)
    server = hub.spawn(user)
    (killed,) = (process for process in hub.processes() if command_of(process)[1:3] == ["-m", "jupyterhub"])

    killed.kill()

    wait_until(lambda: [p for p in hub.processes() if is_part(p, "jupyterhub_config.py") and p != killed], 60)
    wait_until(lambda: answers(f"{hub.url}/hub/health"), 60)
    assert server.is_running()
    wait_until(lambda: hub.api(server.environ()["JUPYTERHUB_API_TOKEN"]).get("/whoami").is_success, 60)
    assert len([process for process in hub.processes() if is_part(process, "bin/configurable-http-proxy")]) == 1


def test_the_passwords_are_told_once_and_kept_for_their_owner_alone(hub: Hub) -> None:
    again = hub.command("up", "--detach", "--no-baselines")
    assert hub.secret("demo-password") not in again.stdout + again.stderr
    for file in (hub.home / "secrets").iterdir():
        assert file.stat().st_mode & 0o077 == 0


def test_no_part_of_the_hub_prints_a_secret(hub: Hub) -> None:
    secrets = {file.name: file.read_text() for file in (hub.home / "secrets").iterdir()}
    for part in ("hub", "api", "supervisord"):
        assert [name for name, secret in secrets.items() if secret in hub.log(part)] == []


def test_the_demonstration_login_is_refused_where_others_could_reach_it(tmp_path: Path) -> None:
    environment = hub_environment(tmp_path, LEADERSBOARD_HUB_HOST="0.0.0.0")
    other = Hub(tmp_path, environment, "", "")

    up = other.command("up", "--detach", "--no-baselines")

    assert up.returncode != 0
    assert "LEADERSBOARD_HUB_AUTHENTICATOR" in up.stderr
    assert other.processes() == []
