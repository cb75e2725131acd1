"""The page of organisers: who may see it, and what is done there."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.dashboards_pages.conftest import Visitor, completed_job

pytestmark = pytest.mark.timeout(500)


def on_the_board(client: httpx.Client) -> list[str]:
    return [row["job_id"] for row in client.get("/leaderboard/demo-inspection").json()["rows"]]


def test_others_are_told_where_to_look(visitor: Callable[[str], Visitor]) -> None:
    eve = visitor("eve")
    page = eve.go("organise")
    expect(page.get_by_text("This page is for organisers.")).to_be_visible()
    expect(page.locator("table, .lb-form")).to_have_count(0)
    expect(page.get_by_role("link", name="Organise")).to_have_count(0)


def test_a_row_is_hidden_and_shown_and_the_log_says_who_did_it(
    visitor: Callable[[str], Visitor], carol: httpx.Client
) -> None:
    job_id = completed_job(carol)
    olga = visitor("olga")
    page = olga.go("organise")
    state = page.locator("#lb-live-organise")
    expect(state.get_by_role("cell", name=job_id)).to_be_visible()
    expect(state.locator("section", has_text="Workers")).to_contain_text("working")
    assert job_id in on_the_board(carol)

    page.get_by_label("Job").fill(job_id)
    page.get_by_role("button", name="Hide the row").click()
    expect(page.locator(".lb-field.lb-wrong")).to_contain_text("Give a reason")
    page.get_by_label("Reason").fill("<i>scores its own labels</i>")
    page.get_by_role("button", name="Hide the row").click()
    expect(page.get_by_text(f"The row of {job_id} is hidden.")).to_be_visible()
    entry = state.locator("section", has_text="Who did what").locator("tbody tr").first
    for text in ("olga", "hid the row", job_id, "<i>scores its own labels</i>"):
        expect(entry).to_contain_text(text)
    assert job_id not in on_the_board(carol)
    assert carol.get(f"/jobs/{job_id}/results").json()["rank"] is None
    assert carol.get("/jobs").json()["items"][0]["score"] is None
    olga.keep_looks("organise", ".lb-form input")

    page.get_by_label("Job").fill(job_id)
    page.get_by_role("button", name="Show it again").click()
    expect(entry).to_contain_text("showed the row")
    assert job_id in on_the_board(carol)


def test_a_job_is_run_again_and_cancelled_for_its_user(visitor: Callable[[str], Visitor], carol: httpx.Client) -> None:
    job_id = completed_job(carol)
    used = carol.get("/quota").json()["submissions"]["used"]
    page = visitor("olga").go("organise")
    page.get_by_label("Job").fill("none-such")
    page.get_by_role("button", name="Run again").click()
    expect(page.locator(".lb-field.lb-wrong")).to_contain_text("There is no job 'none-such'")
    page.get_by_label("Job").fill(job_id)
    page.get_by_role("button", name="Run again").dblclick()
    expect(page.get_by_text(f"{job_id} runs again as")).to_be_visible()
    new, *others = carol.get("/jobs").json()["items"]
    assert new["submission_id"] == others[0]["submission_id"]
    assert others[0]["job_id"] == job_id
    page.get_by_label("Job").fill(new["job_id"])
    page.get_by_role("button", name="Cancel", exact=True).click()
    log = page.locator("#lb-live-organise section", has_text="Who did what")
    expect(log.locator("tbody tr").first).to_contain_text("cancelled")
    expect(log.locator("tbody tr").nth(1)).to_contain_text("ran again")
    assert carol.get("/quota").json()["submissions"]["used"] == used
