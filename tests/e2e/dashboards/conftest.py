"""A whole platform with its dashboards, a private board and a public one, and people who look at them."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from leadersboard.shipped import shipped
from tests.builders import form, notebook
from tests.conftest import command_of
from tests.e2e.conftest import picture, prepare_few_images
from tests.integration.conftest import wait_until
from tests.integration.hub.conftest import Hub, platform_with_hub

PATIENCE_MS = 60_000
PRIVATE, PUBLIC = "demo-inspection", "open-inspection"
FINAL = ("completed", "failed", "cancelled")
PARAMETERS = 'data_dir = ""\noutput_dir = ""\ndevice = "cpu"\nseed = 0\nsharpness = 1.0\nwith_maps = True\n'
# Differs with `sharpness` and takes a moment; scores are how far an image's contrast is from the usual.
METHOD = """
import csv, pathlib
import numpy as np
from PIL import Image
root = pathlib.Path(data_dir)
with (root / "test.csv").open() as file:
    rows = list(csv.DictReader(file))
images = {row["image_id"]: np.asarray(Image.open(root / row["path"]).convert("L"), np.float32) for row in rows}
"""
WRITE = """
out = pathlib.Path(output_dir)
(out / "anomaly_maps").mkdir() if with_maps else None
with (out / "predictions.csv").open("w") as file:
    file.write("image_id,anomaly_score\\n")
    for name, pixels in images.items():
        far = np.abs(pixels - np.median(pixels)) ** sharpness
        file.write(f"{name},{float(far.mean())}\\n")
        if with_maps:
            np.save(out / "anomaly_maps" / f"{name}.npy", far.astype(np.float32))
print("done")
"""


@dataclass
class Lab:
    """The platform behind its hub."""

    hub: Hub
    mlflow_url: str

    def client(self, token: str) -> httpx.Client:
        self.hub.clients.append(
            httpx.Client(base_url=self.hub.api_url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        )
        return self.hub.clients[-1]

    def submit(self, client: httpx.Client, *also: str, benchmark: str = PRIVATE, **parameters: object) -> str:
        """Submit the method with further cells and return the job's id."""
        cells = notebook(METHOD, *also, WRITE, parameters=PARAMETERS)
        sent = client.post(
            "/submissions",
            files=form({"method.ipynb": cells}),
            data={"entrypoint": "method.ipynb", "metadata": '{"method": "contrast"}'},
        )
        config = {"benchmark": benchmark, "parameters": parameters}
        answer = client.post("/jobs", json={"submission_id": sent.json()["submission_id"], "config": config})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job_id"])

    def wait_for(self, client: httpx.Client, job_id: str) -> None:
        """Wait until the job is over."""
        wait_until(lambda: client.get(f"/jobs/{job_id}/status").json()["status"] in FINAL, 120)

    def tracked(self, slug: str) -> Mapping[str, Mapping[str, float]]:
        """Return the metrics that MLflow holds, by job."""
        base = f"{self.mlflow_url}/api/2.0/mlflow"
        found = httpx.get(f"{base}/experiments/get-by-name", params={"experiment_name": slug}, timeout=60).json()
        asked = {"experiment_ids": [found["experiment"]["experiment_id"]], "max_results": 1000}
        runs = httpx.post(f"{base}/runs/search", json=asked, timeout=60).json().get("runs", [])
        tags = [{tag["key"]: tag["value"] for tag in run["data"].get("tags", ())} for run in runs]
        values = [{one["key"]: one["value"] for one in run["data"].get("metrics", ())} for run in runs]
        return {about.get("leadersboard.job_id", ""): metrics for about, metrics in zip(tags, values, strict=True)}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("d")
    prepare_few_images(home, tmp_path_factory.mktemp("images"))
    with platform_with_hub(
        home,
        API_TOKENS="carol:carols-secret,dave:daves-secret,olga:olgas-secret",
        LEADERSBOARD_WORKER_SLOTS="2",
        LEADERSBOARD_LOOK_SECONDS="1",
        LEADERSBOARD_DASHBOARDS_REFRESH_SECONDS="1",
        LEADERSBOARD_DASHBOARDS_READY_PAGES="2",
        LEADERSBOARD_DASHBOARDS_READY_OTHERS="1",
        LEADERSBOARD_BENCHMARKS_DIR=str(_benchmarks(tmp_path_factory.mktemp("benchmarks"))),
    ) as hub:
        yield Lab(hub, f"http://127.0.0.1:{hub.environment['LEADERSBOARD_MLFLOW_PORT']}")


def part_of(hub: Hub, *commands: str) -> list[psutil.Process]:
    """Return the processes of a part of the platform, by what their command lines hold."""
    found = [one for one in hub.processes() if any(words in " ".join(command_of(one)) for words in commands)]
    assert found
    return found


def _benchmarks(folder: Path) -> Path:
    """Write the demonstration benchmark, and one whose board everybody may see and whose labels all participants; less is
    better on it."""
    source = shipped("notebooks") / "benchmarks" / PRIVATE
    shutil.copytree(source, folder / PRIVATE)
    shutil.copytree(source, folder / PUBLIC)
    definition = folder / PUBLIC / "benchmark.toml"
    text = definition.read_text().replace(
        f'slug = "{PRIVATE}"', f'slug = "{PUBLIC}"\npublic = true\nlabels_shown = "all"'
    )
    definition.write_text(text.replace('image_auroc = "maximize"', 'image_auroc = "minimize"'))
    return folder


class Looker:
    """Somebody who looks at the dashboards, with a browser of their own."""

    def __init__(self, name: str, hub: Hub, context: BrowserContext) -> None:
        self.name = name
        self.hub = hub
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        # plotly's part for notebooks wants to keep a picture in its cell, which Voilà's cells do not take.
        self.harmless = ("setData is not a function",)
        self._steps = 0

    def log_in(self) -> None:
        """Log in to the hub, and come out at the dashboards."""
        self.page.goto(f"{self.hub.url}/hub/login?next=/services/dashboards/")
        self.page.get_by_label("Username").fill(self.name)
        self.page.get_by_label("Password").fill(self.hub.secret("demo-password"))
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/services/dashboards/leaderboard/**")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.hub.url}/services/dashboards/{path}")
        expect(self.page.locator(".lb-board").first).to_be_visible()

    @property
    def rows(self) -> Locator:
        return self.page.locator(".lb-board tbody tr[data-job]")

    def row(self, job_id: str) -> Locator:
        return self.page.locator(f'tr[data-job="{job_id}"]')

    def table(self) -> list[dict[str, str]]:
        """Return the board as it is on the screen: a mapping from heading to text for each row."""
        found: list[dict[str, str]] = self.page.evaluate(
            """() => {
              const names = [...document.querySelectorAll('.lb-board thead th')].map((cell) => cell.innerText.trim());
              return [...document.querySelectorAll('.lb-board tbody tr[data-job]')].map((row) => ({
                job: row.dataset.job,
                ...Object.fromEntries([...row.cells].map((cell, at) => [names[at], cell.innerText.trim()])),
              }));
            }"""
        )
        return found

    def is_live(self) -> None:
        """Wait until the page has asked for news once."""
        expect(self.page.locator("#lb-live-board[data-asked]")).to_be_attached()

    def keep(self, step: str) -> None:
        self._steps += 1
        self.page.screenshot(path=picture("dashboards", f"{self.name}-{self._steps:02d}-{step}"), full_page=True)


@pytest.fixture
def looker(lab: Lab, browser: Browser) -> Iterator[Callable[..., Looker]]:
    """Make people who look, each with a browser of their own."""
    contexts: list[BrowserContext] = []
    people: list[Looker] = []

    def make(name: str, *, logged_in: bool = True, **context: Any) -> Looker:
        contexts.append(browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **context}))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        people.append(Looker(name, lab.hub, contexts[-1]))
        if logged_in:
            people[-1].log_in()
        return people[-1]

    expect.set_options(timeout=PATIENCE_MS)
    yield make
    for one in people:
        # Where a test failed, this shows how it looked.
        one.keep("end")
    for context in contexts:
        context.close()
    assert [error for one in people for error in one.errors if not error.endswith(one.harmless)] == []
