"""A whole platform with its hub, as `leadersboard up` brings it up, and browsers and servers of its users."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from leadersboard.supervisor.processes import belonging_to
from tests.conftest import command_of, free_port
from tests.integration.conftest import wait_until


@dataclass
class Hub:
    """A platform whose hub answers at `url`; `password` is that of everybody, `operator_password` that of admin."""

    home: Path
    environment: dict[str, str]
    url: str
    api_url: str
    clients: list[httpx.Client] = field(default_factory=list)
    admin_token: str = ""

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "leadersboard.cli.main", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def secret(self, name: str) -> str:
        return (self.home / "secrets" / name).read_text()

    def browser(self) -> httpx.Client:
        """Return a client that keeps cookies and follows redirects, as a browser does."""
        self.clients.append(httpx.Client(base_url=self.url, follow_redirects=True, timeout=60))
        return self.clients[-1]

    def logged_in(self, user: str) -> httpx.Client:
        """Return a browser in which `user` has logged in to the hub."""
        browser = self.browser()
        page = browser.get("/hub/login")
        (xsrf,) = set(re.findall(r'name="_xsrf" value="([^"]+)"', page.text))
        password = self.secret("demo-operator-password" if user == "admin" else "demo-password")
        answer = browser.post("/hub/login", data={"username": user, "password": password, "_xsrf": xsrf})
        assert answer.status_code == 200, answer.text
        assert "/hub/login" not in str(answer.url), "the login was refused"
        return browser

    def at_the_api(self, user: str) -> httpx.Client:
        """Return a browser that has come to the API by way of the hub."""
        browser = self.logged_in(user)
        page = "/services/leadersboard/whoami"
        who = browser.get("/services/leadersboard/hub-login", params={"next": page})
        assert who.json()["user_id"] == user
        return browser

    def admin(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Ask the hub's own API as its operator."""
        self.admin_token = self.admin_token or self.token_of("admin")
        headers = {"Authorization": f"token {self.admin_token}"}
        return httpx.request(method, f"{self.url}/hub/api{path}", headers=headers, timeout=60, **what)

    def token_of(self, user: str) -> str:
        """Return a token that `user` has asked the hub for, as one does on its page of tokens."""
        browser = self.logged_in(user)
        browser.get("/hub/token")
        xsrf = browser.cookies.get("_xsrf", path="/hub/") or ""
        answer = browser.post(f"/hub/api/users/{user}/tokens", headers={"X-XSRFToken": xsrf}, json={"note": "test"})
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["token"]
        return token

    def api(self, token: str) -> httpx.Client:
        """Return a client of the API behind the hub."""
        headers = {"Authorization": f"Bearer {token}"}
        self.clients.append(httpx.Client(base_url=f"{self.url}/services/leadersboard", headers=headers, timeout=60))
        return self.clients[-1]

    def spawn(self, user: str) -> psutil.Process:
        """Start the user's server and return its process."""
        assert self.admin("POST", f"/users/{user}/server").status_code in (201, 202)
        wait_until(lambda: self.admin("GET", f"/users/{user}").json()["servers"].get("", {}).get("ready"), 90)
        return next(process for process in belonging_to(self.home) if server_of(process) == user)

    def processes(self) -> list[psutil.Process]:
        return belonging_to(self.home)

    def log(self, part: str) -> str:
        return (self.home / "service-logs" / f"{part}.log").read_text()


def server_of(process: psutil.Process) -> str | None:
    """Return whose single-user server this is, or None."""
    command = command_of(process)
    if "jupyterhub.singleuser" not in command:
        return None
    user: str | None = process.environ().get("JUPYTERHUB_USER")
    return user


def hub_environment(home: Path, **changed: str) -> dict[str, str]:
    ports = ("API_PORT", "MLFLOW_PORT", "HUB_PORT", "HUB_INTERNAL_PORT", "HUB_PROXY_PORT", "DASHBOARDS_PORT")
    return {
        **{name: value for name, value in os.environ.items() if not name.endswith("API_TOKENS")},
        **{f"LEADERSBOARD_{name}": str(free_port()) for name in ports},
        "LEADERSBOARD_HOME": str(home),
        "LEADERSBOARD_ORGANISERS": "olga",
        "API_TOKENS": "carol:carols-secret",
        "LC_ALL": "C.UTF-8",
        # Pages are kept ready only where somebody looks at them.
        "LEADERSBOARD_DASHBOARDS_READY_PAGES": "0",
        "LEADERSBOARD_DASHBOARDS_READY_OTHERS": "0",
        **changed,
    }


@contextmanager
def platform_with_hub(home: Path, **changed: str) -> Iterator[Hub]:
    """Give a platform that is up in `home`, with these settings; none of its processes is left afterwards."""
    environment = hub_environment(home, **changed)
    url = f"http://127.0.0.1:{environment['LEADERSBOARD_HUB_PORT']}"
    hub = Hub(home, environment, url, f"http://127.0.0.1:{environment['LEADERSBOARD_API_PORT']}")
    up = hub.command("up", "--detach", "--no-baselines")
    assert up.returncode == 0, up.stderr
    wait_until(lambda: answers(f"{url}/services/leadersboard/healthz"), 90)
    try:
        yield hub
    finally:
        for client in hub.clients:
            client.close()
        hub.command("down")
    assert hub.processes() == []


@pytest.fixture(scope="package")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with platform_with_hub(tmp_path_factory.mktemp("h")) as hub:
        yield hub


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="package")
def new_user() -> Callable[[], str]:
    """Return names that nobody has had yet."""
    numbers = iter(range(1, 1000))
    return lambda: f"user{next(numbers)}"
