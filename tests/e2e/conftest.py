"""A browser for tests, and where it leaves its pictures."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from leadersboard.datasets.generation import Counts, generate
from leadersboard.datasets.preparation import prepare

# Kept with the other reports of a test run.
PICTURES = Path(__file__).parents[2] / "test-artifacts" / "screenshots"
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, the system's own. What drives it has an event loop in this thread: other tests want none."""
    program = chromium()
    if program is None:
        pytest.skip("Chromium is not installed here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        # In a container there is often no user but root, for whom Chromium's own sandbox does not start.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def prepare_few_images(home: Path, full: Path) -> None:
    """Prepare the demonstration data set in `home` with few images, made in `full`: 12 to test in each category."""
    generate(full, seed=7, counts=Counts(train=8, test_good=6, test_anomalous=6))
    prepare(full, home / "data", "demo-inspection")


def chromium() -> str | None:
    """Return the browser's program, or None where there is none."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def picture(*names: str) -> Path:
    """Return where the picture of a step is kept."""
    path = PICTURES.joinpath(*(re.sub(r"[^\w.-]+", "-", name) for name in names)).with_suffix(".png")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
