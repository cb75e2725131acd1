"""Jobs that are attacks as a whole end as they should, tell nothing, and leave the platform as it was."""

import shutil
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.attack.cases import ON_THE_MACHINE, ON_THE_READERS, ON_THE_SCORE, SHORT, Case
from tests.attack.conftest import WAIT_SECONDS, Record
from tests.attack.world import HONEST, World
from tests.builders import archive, form, notebook
from tests.integration.conftest import wait_until

CASES = ON_THE_MACHINE | ON_THE_READERS | ON_THE_SCORE
_FOR_SCRIPTS = """
import os, sys
output_dir, data_dir = os.environ["LEADERSBOARD_OUTPUT_DIR"], os.environ["LEADERSBOARD_DATA_DIR"]
"""
# Of the benchmark, for the predictions that the harmless ones leave.
EARNED = 0.5


def _each() -> list[Any]:
    """Return each case from where it is tried first, and then, marked long, from the other."""
    found = []
    for name, case in CASES.items():
        first = case.only or case.vessel
        marks = () if name in SHORT else (pytest.mark.long,)
        found.append(pytest.param(name, first, id=f"{name}-{first}", marks=marks))
        if case.only is None:
            other = "script" if first == "notebook" else "notebook"
            found.append(pytest.param(name, other, id=f"{name}-{other}", marks=pytest.mark.long))
    return found


def _submit(case: Case, vessel: str, world: World) -> str:
    if vessel == "notebook":
        return world.stack.submit(case.source, resource_class=case.resource_class)
    files = {"main.py": (_FOR_SCRIPTS + case.source).encode(), "config.yaml": b"a: 1\n"}
    return world.stack.submit(files=files, resource_class=case.resource_class)


@pytest.fixture(scope="module")
def submitted(request: pytest.FixtureRequest, whole_world: World) -> Mapping[tuple[str, str], str]:
    """The jobs of all cases that are to be tried, which then run two at a time."""
    wanted = [
        (item.callspec.params["attack"], item.callspec.params["vessel"])
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and "submitted" in item.fixturenames
        and item.callspec.params["whole_world"] is whole_world.sandbox
    ]
    return {one: _submit(CASES[one[0]], one[1], whole_world) for one in wanted}


def _everything_shown(job_id: str, world: World) -> bytes:
    """Return all that the participant gets to see of a job."""
    client = world.stack.client
    pages = [f"/jobs/{job_id}/{page}" for page in ("status", "logs", "notebook", "results", "visualizations", "files")]
    listed = client.get(f"/jobs/{job_id}/files").json()["files"]
    return b"".join(client.get(page).content for page in [*pages, *(file["url"] for file in listed)])


@pytest.mark.timeout(WAIT_SECONDS + 60)
@pytest.mark.parametrize(("attack", "vessel"), _each())
def test_an_attack_by_a_job_comes_to_nothing(
    attack: str, vessel: str, submitted: Mapping[tuple[str, str], str], world: World, record: Record
) -> None:
    case = CASES[attack]
    job_id = submitted[attack, vessel]
    job = world.stack.ended(job_id, WAIT_SECONDS)
    said = job["error"] or f"completed, {world.stack.client.get(f'/jobs/{job_id}/results').json()['metrics']}"
    record(attack, vessel, said)
    world.nothing_is_left(job_id)
    assert world.canary.encode() not in _everything_shown(job_id, world)
    assert job["attempt"] == 1, said
    if case.completes:
        assert job["status"] == "completed", said
        assert world.stack.client.get(f"/jobs/{job_id}/results").json()["metrics"] == {"accuracy": EARNED}
        wait_until(
            lambda: [run["info"]["status"] for run in world.stack.mlflow.runs(job_id)] == ["FINISHED"], WAIT_SECONDS
        )
    else:
        assert job["status"] == "failed", said
        assert job["failure"]["reason"] in case.reasons, said
        assert all(word in said for word in case.words), said


def test_metrics_in_the_metadata_of_a_notebook_are_not_believed(world: World, record: Record) -> None:
    about = {"benchmark": "guarded", "metrics": {"accuracy": 1.0}, "scored": True, "rank": 1}
    stack = world.stack
    sent = form({"nb.ipynb": notebook(ON_THE_SCORE["metrics of one's own in metrics.json"].source, about=about)})
    made = stack.client.post("/submissions", files=sent, data={"entrypoint": "nb.ipynb"}).json()
    job_id = stack.client.post("/jobs", json={"submission_id": made["submission_id"], "config": {}}).json()["job_id"]
    stack.ended(job_id, WAIT_SECONDS)
    results = stack.client.get(f"/jobs/{job_id}/results").json()
    record("metrics in the notebook's metadata", "notebook", f"scored {results['metrics']}")
    assert results["metrics"] == {"accuracy": EARNED}
    rows = stack.client.get("/leaderboard/guarded").json()["rows"]
    assert [row["metrics"] for row in rows if row["job_id"] == job_id] == [{"accuracy": EARNED}]


ARCHIVES = {
    "a zip bomb": {"main.py": bytes(60_000_000)},
    "an archive whose member leaves its folder": {"../../main.py": b"x"},
    "an archive with an absolute path": {"/etc/cron.d/main.py": b"x"},
    "an archive of too many files": {f"{number}.py": b"" for number in range(300)},
}


@pytest.mark.parametrize("attack", ARCHIVES)
def test_a_hostile_archive_is_refused(attack: str, world: World, record: Record) -> None:
    answer = world.stack.client.post(
        "/submissions", files=form({"all.zip": archive(ARCHIVES[attack])}), data={"entrypoint": "main.py"}
    )
    record(attack, "upload", f"{answer.status_code}: {answer.json()['detail']}")
    assert answer.status_code == 400


SPEAKS = """
from IPython.display import HTML, Javascript, display
display(HTML("<script>document.title = 'owned'</script><img src=x onerror=\\"document.title = 'owned'\\">"))
display(Javascript("document.title = 'owned'"))
display({"text/markdown": "<script>document.title = 'owned'</script>", "image/svg+xml": "<svg onload=\\"document.title='owned'\\"/>"}, raw=True)
"""


@pytest.mark.long
def test_a_script_in_an_executed_notebook_does_not_run_in_the_browser(world: World, record: Record) -> None:
    stack = world.stack
    job_id = stack.submit(SPEAKS, HONEST)
    assert stack.ended(job_id, WAIT_SECONDS)["status"] == "completed"
    program = shutil.which("chromium") or pytest.skip("Chromium is not installed here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(extra_http_headers={"Authorization": "Bearer secret"})
        page.goto(f"{stack.client.base_url}/jobs/{job_id}/notebook?format=html")
        title, text = page.title(), page.content()
        browser.close()
    record("a script in the executed notebook", "browser", f"it did not run; the title is {title!r}")
    assert "owned" in text, "it is there"
    assert title != "owned"
