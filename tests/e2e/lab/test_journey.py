"""From the login to the rank, without leaving JupyterLab."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.conftest import command_of
from tests.e2e.lab.conftest import PATIENCE_MS, Person

# The worker may be at other people's jobs first.
pytestmark = pytest.mark.timeout(400)
RUN_MS = 240_000
PREDICT = """
from pathlib import Path
import pandas as pd
images = pd.read_csv(Path(data_dir, "test.csv"))
images["anomaly_score"] = range(len(images))
images[["image_id", "anomaly_score"]].to_csv(Path(output_dir, "predictions.csv"), index=False)
"""


def test_from_a_template_to_a_rank_on_the_board(person: Callable[..., Person]) -> None:
    ann = person("ann")
    page = ann.page
    expect(page.locator(".jp-LauncherCard", has_text="PaDiM").first).to_be_visible()
    ann.keep("launcher")

    ann.start("PaDiM")
    ann.keep("template")

    ann.toolbar.get_by_role("button", name="Submit With").click()
    form = page.locator(".lb-Dialog")
    form.get_by_label("n_features").fill("-1")
    form.get_by_label("n_features").fill("20")
    form.get_by_label("image_size").fill("64")
    expect(form.get_by_text(re.compile(r"\d+ of \d+ submissions are left"))).to_be_visible()
    ann.keep("form")
    form.get_by_role("button", name="Submit", exact=True).click()
    expect(form).to_have_count(0)

    job = ann.open_newest()
    expect(job).to_have_class(re.compile("lb-mod-(pending|running)"))
    ann.keep("submitted")
    expect(job.locator("progress")).to_be_visible(timeout=RUN_MS)
    ann.keep("running")
    # It goes from cell to cell before one's eyes; how many one sees is a matter of speed.
    expect(job).to_have_text(re.compile(r"Cell \d+ of"), timeout=RUN_MS)
    first = re.findall(r"Cell \d+ of", job.inner_text())
    expect(job).to_have_text(re.compile(rf"(?!{first[0]})Cell \d+ of"), timeout=RUN_MS)

    expect(job).to_have_class(re.compile("lb-mod-completed"), timeout=RUN_MS)
    expect(job.get_by_text("rank 1 of 1")).to_be_visible()
    expect(job.locator(".lb-Metrics")).to_contain_text("image_auroc")
    expect(job.locator(".lb-Pictures img").first).to_be_visible()
    score = job.locator(".lb-Score-value").inner_text()
    ann.keep("completed")

    job.get_by_role("button", name="Show on the board").click()
    row = page.frame_locator('iframe[src*="/services/dashboards/leaderboard/"]').locator("tr.lb-mine")
    expect(row).to_contain_text("ann")
    # The panel rounds to fewer digits.
    assert float(row.locator("td.lb-primary").inner_text()) == pytest.approx(float(score), abs=6e-4)
    ann.keep("board")

    job.get_by_role("button", name="Executed notebook").click()
    executed = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(executed.locator(".jp-OutputArea-output").first).to_be_visible()
    expect(executed.locator(".lb-Submit-button")).to_have_count(0)
    ann.keep("executed")


def test_a_failure_leads_to_its_cell(person: Callable[..., Person]) -> None:
    bob = person("bob")
    bob.write("broken.ipynb", "print('fine')", "values = {}\nvalues['missing']", "print('never')")
    bob.submit()

    job = bob.open_newest()
    expect(job).to_have_class(re.compile("lb-mod-failed"), timeout=RUN_MS)
    expect(job.locator(".lb-Failure")).to_contain_text("KeyError")
    expect(bob.page.locator(".Toastify__toast, .jp-toast-message").first).to_be_visible()
    bob.keep("failure")
    job.get_by_role("button", name="Go to cell 3").click()

    active = bob.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell.jp-mod-active")
    expect(active).to_contain_text("values['missing']")
    bob.keep("cell")


def test_what_is_saved_is_what_is_on_the_screen(person: Callable[..., Person]) -> None:
    cleo = person("cleo")
    cleo.write("unsaved.ipynb", "print('as it was')", PREDICT)
    editor = cleo.page.locator(".jp-Notebook .jp-CodeCell", has_text="as it was").locator(".cm-content")
    editor.click()
    cleo.page.keyboard.press("Control+A")
    cleo.page.keyboard.type("print('as it is ' + 'now')")
    cleo.submit()

    job = cleo.open_newest()
    expect(job.locator(".lb-Log pre")).to_contain_text("as it is now", timeout=RUN_MS)
    expect(job).to_have_class(re.compile("lb-mod-completed"), timeout=RUN_MS)
    expect(job.locator(".lb-Score")).to_be_visible()


def test_a_double_click_submits_once(person: Callable[..., Person]) -> None:
    dan = person("dan")
    dan.write("once.ipynb", PREDICT)
    button = dan.toolbar.locator(".lb-Submit-button")
    button.dblclick()
    expect(dan.jobs.first).to_be_visible()
    expect(button).to_be_enabled()
    expect(dan.jobs).to_have_count(1)
    assert dan.hub.api(dan.hub.token_of("dan")).get("/jobs").json()["total"] == 1


def test_a_running_job_is_cancelled(person: Callable[..., Person]) -> None:
    eve = person("eve")
    eve.write("long.ipynb", "import time\nprint('begun', flush=True)\ntime.sleep(600)")
    eve.submit()
    job = eve.open_newest()
    expect(job.locator(".lb-Log pre")).to_contain_text("begun", timeout=RUN_MS)
    eve.keep("log")
    job.get_by_role("button", name="Cancel").click()
    expect(job).to_have_class(re.compile("lb-mod-cancelled"), timeout=PATIENCE_MS)

    job.get_by_role("button", name="Submit again").click()
    expect(eve.jobs).to_have_count(2)
    again = eve.open_newest()
    again.get_by_role("button", name="Cancel").click()
    expect(again).to_have_class(re.compile("lb-mod-cancelled"), timeout=PATIENCE_MS)


def test_users_do_not_see_each_others_jobs(person: Callable[..., Person]) -> None:
    fay, gus = person("fay"), person("gus")
    fay.write("secret-of-fay.ipynb", "print(1)")
    fay.submit()
    expect(fay.jobs).to_have_count(1)

    gus.page.locator("[data-id=leadersboard-submissions]").click()
    expect(gus.page.get_by_text("Nothing has been submitted yet")).to_be_visible()
    expect(gus.page.get_by_text("secret-of-fay")).to_have_count(0)
    gus.keep("empty")


def test_the_panel_says_that_the_platform_is_away_and_comes_back_by_itself(person: Callable[..., Person]) -> None:
    ivy = person("ivy")
    ivy.write("before.ipynb", "print(1)")
    ivy.submit()
    expect(ivy.jobs).to_have_count(1)
    (api,) = [one for one in ivy.hub.processes() if command_of(one)[-2:] == ["leadersboard.cli.main", "api"]]
    # The supervisor starts it anew, as it would after a crash.
    api.kill()
    away = ivy.page.get_by_text("LeadersBoard cannot be reached. What runs goes on")
    expect(away).to_be_visible()
    ivy.keep("away")
    expect(away).to_have_count(0)
    expect(ivy.jobs).to_have_count(1)
    ivy.write("after.ipynb", "print(2)")
    ivy.submit()
    expect(ivy.jobs).to_have_count(2)


def test_a_wrong_value_is_said_at_its_field(person: Callable[..., Person]) -> None:
    hal = person("hal")
    hal.write("listed.ipynb", "print(1)")
    path = hal.hub.home / "hub" / "users" / "hal" / "listed.ipynb"
    path.write_text(path.read_text().replace("seed = 0", "seed = 0\\nsizes = [1, 2]"))
    hal.open("listed.ipynb")
    hal.toolbar.get_by_role("button", name="Submit With").click()
    form = hal.page.locator(".lb-Dialog")
    form.get_by_label("sizes").fill("[1, 2")
    form.get_by_role("button", name="Submit", exact=True).click()
    expect(form.get_by_text("sizes is not JSON")).to_be_visible()
    hal.keep("wrong")
    form.get_by_label("sizes").fill("[3]")
    form.get_by_role("button", name="Submit", exact=True).click()
    expect(form).to_have_count(0)
    expect(hal.jobs).to_have_count(1)


def test_in_japanese_and_dark(person: Callable[..., Person]) -> None:
    kei = person("kei")
    settings = kei.hub.home / "hub" / "users" / "kei" / ".jupyter" / "lab" / "user-settings" / "@jupyterlab"
    for folder, content in (
        ("translation-extension", '{"locale": "ja_JP"}'),
        ("apputils-extension", '{"theme": "JupyterLab Dark"}'),
    ):
        (settings / folder).mkdir(parents=True)
        name = "plugin" if folder.startswith("translation") else "themes"
        (settings / folder / f"{name}.jupyterlab-settings").write_text(content)
    kei.write("dame.ipynb", "1 / 0")
    kei.submit()
    job = kei.open_newest()
    expect(job.locator(".lb-Job-standing")).to_have_text("失敗", timeout=RUN_MS)
    expect(job.get_by_text("セル 2 へ移動")).to_be_visible()
    kei.keep("japanese-dark")
