"""How soon a board is on the screen, whether few runs are on it or many, and how many people may look at once."""

import sqlite3
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import mlflow
import psutil
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from leadersboard.adapters.sql import connect
from leadersboard.adapters.sql.tables import jobs
from leadersboard.bootstrap import build_signer
from leadersboard.domain.job import JobStatus
from leadersboard.settings import Settings
from tests.e2e.conftest import chromium
from tests.integration.hub.conftest import Hub, hub_environment
from tests.load import history
from tests.load.samples import compared
from tests.load.servers import answers, wait_for

SLUG = "demo-inspection"
LEVELS, QUICK_LEVELS = (100, 10_000, 50_000), (100, 1_000)
_VIEWERS = 50
# Two of the leaderboard, one of a run, one of the page to submit.
_KEPT_READY, _LOOK_SECONDS = 4, 1.0
# Of a processor, for what a kernel does that waits.
_IDLE_SHARE = 0.1
_ROWS = 100
_BOARD = f"/services/dashboards/leaderboard/{SLUG}"
# Notes, in the page, when the first row is there; 0 is when the browser began to ask for the page.
_WATCH = """
(() => {
  const look = () => {
    if (window.lb_shown === undefined && document.querySelector('.lb-board tbody tr[data-job]')) {
      window.lb_shown = performance.now();
      watch.disconnect();
    }
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { subtree: true, childList: true });
})();
"""


def measure(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Fill a platform up in steps, and look at its board at each: without pages that are kept ready, and with them."""
    times, cold_times = (3, 2) if quick else (9, 5)
    found: list[dict[str, Any]] = []
    for level in QUICK_LEVELS if quick else LEVELS:
        with _platform(folder, ready=False) as (hub, settings, environment):
            _fill(settings, environment, level)
            cold = _on_screen(hub, cold_times, kept=0)
        with _platform(folder, ready=True) as (hub, settings, environment):
            queries = _query(hub, environment, times)
            found.append({"runs": level, **queries, "cold": cold, "ready": _on_screen(hub, times, kept=_KEPT_READY)})
            if level == (QUICK_LEVELS if quick else LEVELS)[-1]:
                viewers = _at_once(hub, 10 if quick else _VIEWERS)
                viewer_bytes = _memory_of_a_viewer(hub)
    return {"levels": found, "viewers": viewers, "viewer_bytes": viewer_bytes}


@contextmanager
def _platform(folder: Path, *, ready: bool) -> Iterator[tuple[Hub, Settings, dict[str, str]]]:
    pages = {"READY_PAGES": "2", "READY_OTHERS": "1"} if ready else {"READY_PAGES": "0", "READY_OTHERS": "0"}
    ready_pages = {f"LEADERSBOARD_DASHBOARDS_{name}": number for name, number in pages.items()}
    environment = hub_environment(folder / "home", API_TOKENS="devtoken", **ready_pages)
    # MLflow's client leaves its server's address there; a platform that finds one starts none of its own.
    environment.pop("MLFLOW_TRACKING_URI", None)
    url = f"http://127.0.0.1:{environment['LEADERSBOARD_HUB_PORT']}"
    hub = Hub(folder / "home", environment, url, f"http://127.0.0.1:{environment['LEADERSBOARD_API_PORT']}")
    settings = Settings(home=folder / "home")
    try:
        up = hub.command("up", "--detach", "--no-baselines")
        assert up.returncode == 0, up.stderr
        wait_for(lambda: answers(f"{url}/services/leadersboard/healthz"), "the services")
        wait_for(lambda: answers(f"{_mlflow_of(environment)}/health"), "MLflow")
        yield hub, settings, environment
    finally:
        for client in hub.clients:
            client.close()
        hub.command("down")


def _mlflow_of(environment: dict[str, str]) -> str:
    return f"http://127.0.0.1:{environment['LEADERSBOARD_MLFLOW_PORT']}"


def _fill(settings: Settings, environment: dict[str, str], level: int) -> None:
    """Have `level` ranked runs in the records, and the same in MLflow."""
    engine = connect(settings.database_dsn)
    version = httpx.get(
        f"http://127.0.0.1:{environment['LEADERSBOARD_API_PORT']}/benchmarks/{SLUG}",
        headers={"Authorization": "Bearer devtoken"},
        timeout=60,
    ).json()["version"]
    history.fill_up_to(engine, round(level / history.COMPLETED_SHARE), build_signer(settings), version)
    with engine.connect() as connection:
        query = select(jobs.c.job_id, jobs.c.user_id, jobs.c.finished_at).where(jobs.c.status == JobStatus.COMPLETED)
        ended = [(row.job_id, row.user_id, row.finished_at) for row in connection.execute(query)]
    engine.dispose()
    mlflow.set_tracking_uri(_mlflow_of(environment))
    mlflow.set_experiment(SLUG)
    _fill_mlflow(settings.home_path / "mlflow" / "mlflow.db", ended)


def _fill_mlflow(database: Path, ended: Sequence[tuple[str, str, datetime]]) -> None:
    """Write runs into MLflow's tables: over its API 50,000 take over an hour."""
    with closing(sqlite3.connect(database, timeout=60)) as connection, connection:
        (experiment,) = connection.execute("SELECT experiment_id FROM experiments WHERE name = ?", (SLUG,)).fetchone()
        known = {row[0] for row in connection.execute("SELECT run_uuid FROM runs")}
        fresh = [one for one in ended if one[0] not in known]
        for job_id, user, finished in fresh:
            end = int(finished.replace(tzinfo=UTC).timestamp() * 1000)
            connection.execute(
                "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status,"
                " start_time, end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
                " VALUES (?, ?, 'UNKNOWN', '', '', ?, 'FINISHED', ?, ?, '', 'active', '', ?)",
                (job_id, job_id, user, end - 60_000, end, experiment),
            )
            connection.execute("INSERT INTO tags VALUES ('leadersboard.job_id', ?, ?)", (job_id, job_id))
            for name, value in history.scores_of(job_id).items():
                connection.execute("INSERT INTO metrics VALUES (?, ?, ?, ?, 0, 0)", (name, value, end, job_id))
                connection.execute("INSERT INTO latest_metrics VALUES (?, ?, ?, 0, 0, ?)", (name, value, end, job_id))


def _query(hub: Hub, environment: dict[str, str], times: int) -> dict[str, Any]:
    """Ask for the first rows of the board, in turns with the same from MLflow's own client."""
    ours: list[float] = []
    theirs: list[float] = []
    with httpx.Client(base_url=hub.api_url, headers={"Authorization": "Bearer devtoken"}, timeout=600) as client:
        client.get(f"/leaderboard/{SLUG}", params={"limit": _ROWS}).raise_for_status()
        mlflow.set_tracking_uri(_mlflow_of(environment))
        for _ in range(times):
            ours.append(_seconds(lambda: client.get(f"/leaderboard/{SLUG}", params={"limit": _ROWS})))
            theirs.append(
                _seconds(
                    lambda: mlflow.search_runs(
                        experiment_names=[SLUG], order_by=["metrics.image_auroc DESC"], max_results=_ROWS
                    )
                )
            )
    return {"query": compared(ours, theirs, "search_runs")}


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _on_screen(hub: Hub, times: int, kept: int) -> dict[str, float]:
    """Open the board `times` times, each once `kept` pages are ready."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        context.set_default_timeout(120_000)
        context.add_init_script(_WATCH)
        page = context.new_page()
        page.goto(f"{hub.url}/hub/login?next={_BOARD}")
        page.get_by_label("Username").fill("bench")
        page.get_by_label("Password").fill(hub.secret("demo-password"))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**{_BOARD}")
        shown = [_shown(hub, page, kept) for _ in range(times)]
        browser.close()
    return _spread(shown)


def _shown(hub: Hub, page: Page, kept: int) -> float:
    """Look at the board once `kept` pages are ready, and return the seconds until its first row was there."""
    page.goto("about:blank")
    wait_for(lambda: _all_wait(hub, kept), "pages that are ready")
    page.goto(f"{hub.url}{_BOARD}")
    page.wait_for_function("window.lb_shown !== undefined")
    taken: float = page.evaluate("window.lb_shown / 1000")
    return taken


def _kernels(hub: Hub) -> dict[int, float]:
    """Return the processor seconds that each kernel of a page has had, by its process."""
    kernels = [one for one in hub.processes() if "ipykernel_launcher" in one.cmdline()]
    return {one.pid: sum(one.cpu_times()[:2]) for one in kernels}


def _all_wait(hub: Hub, kept: int) -> bool:
    """Return whether there are `kept` kernels or more, and none of them is at work, as while it imports."""
    before = _kernels(hub)
    time.sleep(_LOOK_SECONDS)
    after = _kernels(hub)
    idle = all(after[pid] - before.get(pid, 0.0) < _IDLE_SHARE * _LOOK_SECONDS for pid in after)
    return len(after) >= kept and idle


def _at_once(hub: Hub, count: int) -> dict[str, Any]:
    """Have `count` people open the board in one moment, each with a login of their own."""
    browsers = [hub.logged_in(f"viewer{number}") for number in range(count)]
    for one in browsers:
        one.get("/services/dashboards/api/whoami").raise_for_status()

    def look(browser: httpx.Client) -> tuple[float, bool, bool]:
        begun = time.perf_counter()
        answer = browser.get(_BOARD)
        taken = time.perf_counter() - begun
        return taken, answer.status_code == 200 and "data-job=" in answer.text, "jupyter-config-data" in answer.text

    with ThreadPoolExecutor(count) as pool:
        found = list(pool.map(look, browsers))
    return {
        "count": count,
        "with_a_board": sum(has for _, has, _ in found),
        "live": sum(live for _, _, live in found),
        **_spread([taken for taken, _, _ in found]),
    }


def _memory_of_a_viewer(hub: Hub) -> float:
    sizes = [psutil.Process(pid).memory_full_info().pss for pid in _kernels(hub)]
    return statistics.median(sizes)


def _spread(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    place = min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))
    return {"times": len(ordered), "p50": statistics.median(ordered), "p95": ordered[place]}
