"""A whole platform with its hub, on few and small images, and people who work in its JupyterLab."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.builders import notebook
from tests.e2e.conftest import picture, prepare_few_images
from tests.integration.hub.conftest import Hub, platform_with_hub

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    home = tmp_path_factory.mktemp("j")
    prepare_few_images(home, tmp_path_factory.mktemp("images"))
    with platform_with_hub(home, LEADERSBOARD_WORKER_SLOTS="2") as hub:
        yield hub


class Person:
    """Somebody with a browser of their own, whose steps are kept as pictures."""

    def __init__(self, name: str, hub: Hub, context: BrowserContext) -> None:
        self.name = name
        self.hub = hub
        self.page: Page = context.new_page()
        self._steps = 0

    def log_in(self) -> None:
        """Log in to the hub and wait for Lab."""
        page = self.page
        page.goto(f"{self.hub.url}/hub/login")
        page.get_by_label("Username").fill(self.name)
        page.get_by_label("Password").fill(self.hub.secret("demo-password"))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**/user/{self.name}/lab**")
        expect(page.locator(".jp-Launcher")).to_be_visible()

    def start(self, template: str) -> None:
        """Start from a template by its card in the launcher, and wait for the notebook."""
        self.page.locator(".jp-LauncherCard", has_text=template).first.click()
        expect(self.toolbar).to_be_visible()
        expect(self.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()

    def write(self, name: str, *cells: str) -> None:
        """Put a notebook of code cells into one's folder, and open it."""
        (self.hub.home / "hub" / "users" / self.name / name).write_bytes(notebook(*cells))
        self.open(name)

    def open(self, name: str) -> None:
        """Open a file of one's folder."""
        self.page.goto(f"{self.hub.url}/user/{self.name}/lab/tree/{name}?reset")
        expect(self.toolbar).to_be_visible()
        expect(self.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()

    @property
    def toolbar(self) -> Locator:
        """The submit button and its arrow, in the notebook that is in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .lb-Submit")

    def submit(self) -> None:
        self.toolbar.get_by_role("button", name=re.compile("^(Submit|提出)$")).click()

    @property
    def jobs(self) -> Locator:
        """The submissions in the panel, newest first."""
        return self.page.locator(".lb-Panel .lb-Job")

    def open_newest(self) -> Locator:
        """Open the newest submission and return it."""
        newest = self.jobs.first
        if newest.locator(".lb-Job-head").get_attribute("aria-expanded") == "false":
            newest.locator(".lb-Job-head").click()
        return newest

    def keep(self, step: str) -> None:
        """Keep a picture of what is on the screen."""
        self._steps += 1
        self.page.screenshot(path=picture("lab", f"{self.name}-{self._steps:02d}-{step}"))


@pytest.fixture
def person(hub: Hub, browser: Browser) -> Iterator[Callable[..., Person]]:
    """Make people, each logged in with a browser of their own."""
    contexts: list[BrowserContext] = []
    people: list[Person] = []

    def make(name: str, **context: object) -> Person:
        contexts.append(browser.new_context(viewport={"width": 1400, "height": 900}, **context))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(PATIENCE_MS)
        somebody = Person(name, hub, contexts[-1])
        people.append(somebody)
        somebody.log_in()
        return somebody

    expect.set_options(timeout=PATIENCE_MS)
    yield make
    for one in people:
        # Where a test failed, this shows how it looked.
        one.keep("end")
    for context in contexts:
        context.close()
