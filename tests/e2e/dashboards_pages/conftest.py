"""A whole platform on few and small images, and people who look at its pages without JupyterLab."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from leadersboard.shipped import shipped
from tests.builders import form
from tests.e2e.conftest import picture, prepare_few_images
from tests.integration.conftest import wait_until
from tests.integration.hub.conftest import Hub, platform_with_hub

PATIENCE_MS = 60_000
PROTOCOL = {path.name: path.read_bytes() for path in (shipped("templates") / "script").iterdir() if path.is_file()}
# How else a page is looked at.
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 1800}},
    "japanese": {"locale": "ja-JP"},
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    home = tmp_path_factory.mktemp("p")
    prepare_few_images(home, tmp_path_factory.mktemp("images"))
    with platform_with_hub(home, LEADERSBOARD_WORKER_SLOTS="2") as hub:
        yield hub


@pytest.fixture
def carol(hub: Hub) -> httpx.Client:
    """The API in the name of carol, who has a token and no login."""
    headers = {"Authorization": "Bearer carols-secret"}
    hub.clients.append(httpx.Client(base_url=hub.api_url, headers=headers, timeout=60))
    return hub.clients[-1]


def completed_job(client: httpx.Client) -> str:
    """Submit the script template over the API and return its job once it is completed."""
    submission = client.post("/submissions", files=form(PROTOCOL)).json()["submission_id"]
    job_id: str = client.post("/jobs", json={"submission_id": submission}).json()["job_id"]
    wait_until(lambda: client.get(f"/jobs/{job_id}/status").json()["status"] == "completed", 200)
    return job_id


class Visitor:
    """Somebody with a browser of their own, logged in to the hub."""

    def __init__(self, name: str, hub: Hub, browser: Browser) -> None:
        self.name, self.hub, self._browser = name, hub, browser
        self.contexts: list[BrowserContext] = []
        self.page = self._new_page()
        self.page.goto(f"{hub.url}/hub/login?next=/hub/home")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(hub.secret("demo-password"))
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/hub/home**")

    def go(self, path: str) -> Page:
        """Go to a page of the dashboards."""
        self.page.goto(f"{self.hub.url}/services/dashboards/{path}")
        return self.page

    def choose(self, *files: tuple[str, bytes]) -> None:
        """Choose files on the page to submit, and wait until they are listed."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Choose files").click()
        chooser.value.set_files([{"name": name, "mimeType": "text/plain", "buffer": text} for name, text in files])
        for name, _ in files:
            expect(self.page.locator(".lb-chosen code", has_text=re.compile(f"^{re.escape(name)}$"))).to_be_visible()

    def keep_looks(self, path: str, there: str) -> None:
        """Keep pictures of a page as it looks to others, each once `there` is on it; none is wider than the screen."""
        state = self.contexts[0].storage_state()
        for look, options in LOOKS.items():
            page = self._new_page(storage_state=state, **options)
            page.goto(f"{self.hub.url}/services/dashboards/{path}")
            expect(page.locator(there).first).to_be_visible()
            page.screenshot(path=picture("dashboards-pages", f"{path}-{look}"), full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), look
            self.contexts.pop().close()

    def _new_page(self, **options: Any) -> Page:
        context = self._browser.new_context(**{"viewport": {"width": 1200, "height": 1500}, **options})
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        return context.new_page()


@pytest.fixture
def visitor(hub: Hub, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Visitor]]:
    """Make people; where a test failed, the last picture shows how it looked."""
    people: list[Visitor] = []

    def make(name: str) -> Visitor:
        people.append(Visitor(name, hub, browser))
        return people[-1]

    expect.set_options(timeout=PATIENCE_MS)
    yield make
    for one in people:
        one.page.screenshot(path=picture("dashboards-pages", f"{request.node.name}-{one.name}"))
        for context in one.contexts:
            context.close()
