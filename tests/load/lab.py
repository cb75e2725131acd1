"""How soon things happen for somebody who works in JupyterLab, from the start of the hub to a line of a log."""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import chromium
from tests.e2e.lab.conftest import Person
from tests.integration.hub.conftest import Hub, hub_environment
from tests.load.servers import answers, wait_for

# Lines of a log that each hold the moment they were printed.
_LINES = 100
_TICKS = f"""
import time
for _ in range({_LINES}):
    print(f"T {{time.time():.4f}}", flush=True)
    time.sleep(0.1)
"""
# A cell that is there long enough to be seen.
_BRIEF = "import time; time.sleep(2)"
# Clicks Submit and waits, in the page, so that nothing of what drives the browser is in the figures.
_CLICK = """
async () => {
  const before = document.querySelectorAll('.lb-Panel .lb-Job').length;
  const begun = performance.now();
  const newest = () => document.querySelector('.lb-Panel .lb-Job').textContent;
  const until = condition => new Promise((resolve, reject) => {
    const look = () => { if (condition()) { watch.disconnect(); resolve(performance.now() - begun); } };
    const watch = new MutationObserver(look);
    setTimeout(() => reject(new Error(`not seen within 60 s; the newest job says: ${newest()}`)), 60000);
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  });
  document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .lb-Submit-button').click();
  const listed = await until(() => document.querySelectorAll('.lb-Panel .lb-Job').length > before);
  const running = await until(() => /Cell \\d+ of/.test(newest()));
  return { listed, running };
}
"""
_WATCH_LOG = """
() => {
  const log = document.querySelector('.lb-Panel .lb-Log pre');
  const seen = new Set();
  window.lags = [];
  const look = () => {
    for (const found of log.textContent.matchAll(/T (\\d+\\.\\d+)/g)) {
      if (!seen.has(found[1])) { seen.add(found[1]); window.lags.push(Date.now() / 1000 - Number(found[1])); }
    }
  };
  new MutationObserver(look).observe(log, { subtree: true, childList: true, characterData: true });
}
"""


def measure(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Bring up a platform with its hub, twice, and let people work in it."""
    ready = {"LEADERSBOARD_DASHBOARDS_READY_PAGES": "2", "LEADERSBOARD_DASHBOARDS_READY_OTHERS": "1"}
    environment = hub_environment(folder / "home", LEADERSBOARD_DEFAULT_BENCHMARK="", **ready)
    url = f"http://127.0.0.1:{environment['LEADERSBOARD_HUB_PORT']}"
    hub = Hub(folder / "home", environment, url, f"http://127.0.0.1:{environment['LEADERSBOARD_API_PORT']}")
    try:
        first = _start(hub)
        hub.command("down")
        second = _start(hub)
        wait_for(lambda: answers(f"{url}/services/leadersboard/healthz"), "the services")
        return {
            "hub_starts": {"first": first, "second": second},
            "spawn": _spread([_spawn(hub, f"s{number}") for number in range(2 if quick else 7)]),
            **_in_lab(hub, times=2 if quick else 9),
        }
    finally:
        hub.command("down")


def _start(hub: Hub) -> float:
    begun = time.perf_counter()
    up = hub.command("up", "--detach", "--no-baselines")
    assert up.returncode == 0, up.stderr
    wait_for(lambda: answers(f"{hub.url}/hub/login"), "the hub")
    return time.perf_counter() - begun


def _spawn(hub: Hub, user: str) -> float:
    hub.token_of(user)
    begun = time.perf_counter()
    hub.spawn(user)
    taken = time.perf_counter() - begun
    hub.admin("DELETE", f"/users/{user}/server")
    return taken


def _in_lab(hub: Hub, times: int) -> dict[str, Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        context.set_default_timeout(120_000)
        person = Person("bench", hub, context)
        person.log_in()
        person.write("brief.ipynb", _BRIEF)
        clicks = [_click(person.page) for _ in range(times)]
        person.write("ticks.ipynb", _TICKS)
        lags = _lags(person)
        browser.close()
    return {
        "click_to_pending": _spread([one["listed"] / 1000 for one in clicks]),
        "click_to_running": _spread([one["running"] / 1000 for one in clicks]),
        "log_lag": _spread(lags),
    }


def _click(page: Page) -> dict[str, float]:
    done = page.locator(".lb-Panel .lb-Job").first
    found: dict[str, float] = page.evaluate(_CLICK)
    done.get_by_text("Completed").wait_for()
    return found


def _lags(person: Person) -> Sequence[float]:
    page = person.page
    page.evaluate(_CLICK)
    person.open_newest().locator(".lb-Log pre").wait_for()
    page.evaluate(_WATCH_LOG)
    page.wait_for_function(f"window.lags.length >= {_LINES * 3 // 4}")
    # What was there before anybody looked came at once, and late.
    lags: list[float] = page.evaluate("window.lags")
    return lags[len(lags) // 5 :]


def _spread(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    place = min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))
    return {"times": len(ordered), "p50": statistics.median(ordered), "p95": ordered[place]}
