"""The hub's configuration, as JupyterHub reads it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError
from traitlets.config import Config, PyFileConfigLoader

HUB = Path(__file__).parents[3] / "hub"
SECRETS = {"DEMO_PASSWORD": "for-all-of-us", "DEMO_OPERATOR_PASSWORD": "for-the-operator", "SERVICE_TOKEN": "known"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LEADERSBOARD_HUB_HOME", str(tmp_path))
    before = list(sys.path)
    yield tmp_path
    sys.path[:] = before


def load(monkeypatch: pytest.MonkeyPatch, **settings: object) -> Config:
    for name, value in {**SECRETS, **settings}.items():
        monkeypatch.setenv(f"LEADERSBOARD_HUB_{name}", str(value))
    return PyFileConfigLoader("jupyterhub_config.py", path=str(HUB)).load_config()


def test_by_default_it_is_a_demonstration_for_this_machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c = load(monkeypatch)
    assert c.JupyterHub.bind_url == "http://127.0.0.1:8000"
    assert c.JupyterHub.hub_bind_url == "http://127.0.0.1:8081"
    assert c.JupyterHub.authenticator_class == "shared-password"
    assert c.JupyterHub.spawner_class == "simple"
    assert [service["name"] for service in c.JupyterHub.services] == ["leadersboard", "idle-culler"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "hub.example.org"])
def test_the_demonstration_stays_on_this_machine(host: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="LEADERSBOARD_HUB_AUTHENTICATOR"):
        load(monkeypatch, HOST=host)


def test_the_demonstration_needs_its_passwords(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="DEMO_PASSWORD"):
        load(monkeypatch, DEMO_PASSWORD="")


def test_people_may_sign_up_by_themselves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c = load(monkeypatch, AUTHENTICATOR="native", HOST="0.0.0.0", OPERATORS="olga, otto", ALLOWED_USERS="*")
    assert c.JupyterHub.authenticator_class == "native"
    assert c.Authenticator.admin_users == {"olga", "otto"}
    assert c.Authenticator.allow_all
    assert (Path(c.JupyterHub.template_paths[0]) / "native-login.html").is_file()


def test_without_a_word_nobody_else_is_let_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c = load(monkeypatch, AUTHENTICATOR="pam", ALLOWED_USERS="ann,bob")
    assert not c.Authenticator.allow_all
    assert c.Authenticator.allowed_users == {"ann", "bob"}


def test_an_identity_provider_is_set_in_a_further_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    further = folder / "oauth.py"
    further.write_text('c.GenericOAuthenticator.client_id = "leadersboard"\n')
    c = load(monkeypatch, AUTHENTICATOR="generic-oauth", EXTRA_CONFIG=further)
    assert c.JupyterHub.authenticator_class == "generic-oauth"
    assert c.GenericOAuthenticator.client_id == "leadersboard"


def test_a_container_a_user_has_limits_and_no_privileges(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c = load(monkeypatch, SPAWNER="docker", INTERNAL_HOST="hub", MEMORY_LIMIT="4G", CPU_LIMIT=1.5)
    assert (c.Spawner.mem_limit, c.Spawner.cpu_limit) == ("4G", 1.5)
    assert c.DockerSpawner.extra_host_config["cap_drop"] == ["ALL"]
    assert c.DockerSpawner.extra_host_config["security_opt"] == ["no-new-privileges"]
    assert "{username}" in next(iter(c.DockerSpawner.volumes))


def test_a_users_server_gets_no_secret_of_the_platform(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c = load(monkeypatch, DASHBOARDS_URL="http://127.0.0.1:1", DASHBOARDS_TOKEN="also-known")
    assert not {"known", "also-known", "for-all-of-us"} & set(c.Spawner.environment.values())
    assert not [name for name in c.Spawner.env_keep if "TOKEN" in name or "PASSWORD" in name]
    assert c.Spawner.environment["LEADERSBOARD_BOARD_URL"] == "/services/dashboards/leaderboard/"
