"""To submit without Jupyter: the original's protocol by a form, from the files to the rank."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboards_pages.conftest import PROTOCOL, Visitor
from tests.integration.hub.conftest import Hub

pytestmark = pytest.mark.timeout(500)
RUN_MS = 240_000
FAILS = b"""import sys
print("<b id='planted'>not bold</b>", flush=True)
raise ValueError("no such layer")
"""
SLEEPS = b"import time\nprint('asleep', flush=True)\ntime.sleep(600)\n"


def jobs_of(hub: Hub, user: str) -> list[dict[str, object]]:
    answer = hub.api(hub.token_of("admin")).get("/jobs", params={"user_id": user})
    items: list[dict[str, object]] = answer.json()["items"]
    return items


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit", exact=True).click()


def test_the_whole_way_of_the_script_protocol(visitor: Callable[[str], Visitor], hub: Hub) -> None:
    ann = visitor("ann")
    page = ann.go("submit")
    expect(page.get_by_role("button", name="Submit", exact=True)).to_be_disabled()
    expect(page.get_by_text("50 of 50 submissions are left")).to_be_visible()

    # A form that is wrong says so at its field, and costs nothing.
    ann.choose(("main.py", PROTOCOL["main.py"]))
    submit(page)
    field = page.locator(".lb-field.lb-wrong")
    expect(field).to_contain_text("'config.yaml' is not among the files")
    expect(field.get_by_label("Config file")).to_be_visible()
    page.get_by_label("Metadata").fill("[")
    ann.choose(("config.yaml", PROTOCOL["config.yaml"]))
    submit(page)
    expect(field).to_have_count(1)
    expect(field).to_contain_text("metadata cannot be used")
    assert jobs_of(hub, "ann") == []

    page.get_by_label("Metadata").fill('{"method": "by hand"}')
    page.get_by_role("button", name="Submit", exact=True).dblclick()
    job = page.locator(".lb-jobs li").first
    expect(job).to_contain_text("main.py")
    expect(page.get_by_text("49 of 50 submissions are left")).to_be_visible()
    expect(job.locator(".lb-completed")).to_be_visible(timeout=RUN_MS)
    expect(job).to_contain_text(re.compile(r"image_auroc\s*0\.\d{4} · rank 1 of 1 · your best"))
    expect(page.get_by_role("log")).to_contain_text("done")
    expect(page.get_by_role("log")).to_have_attribute("data-follows", "false")
    expect(page.get_by_text("mean_score (reported)")).to_be_visible()
    (found,) = jobs_of(hub, "ann")
    assert (found["status"], found["benchmark"]) == ("completed", "demo-inspection")
    job.get_by_role("link", name="On the board").click()
    row = page.locator("tr.lb-mine")
    expect(row).to_contain_text("by hand")
    ann.keep_looks("submit", ".lb-facts")


def test_a_token_submits_in_its_own_name_and_a_failure_is_told(
    visitor: Callable[[str], Visitor], carol: httpx.Client
) -> None:
    ben = visitor("ben")
    page = ben.go("submit")
    ben.choose(("main.py", FAILS), ("config.yaml", b"a: 1\n"))
    page.get_by_label("Token").fill("wrong")
    page.get_by_label("Token").press("Tab")
    submit(page)
    expect(page.locator(".lb-field.lb-wrong")).to_contain_text("This token is not valid.")
    page.get_by_label("Token").fill("carols-secret")
    page.get_by_label("Token").press("Tab")
    submit(page)
    expect(page.get_by_text("Submitted as carol")).to_be_visible()
    job = page.locator(".lb-jobs li").first
    expect(job.locator(".lb-failed")).to_be_visible(timeout=RUN_MS)
    expect(job.locator(".lb-problem")).not_to_be_empty()
    expect(page.locator(".lb-log mark", has_text="ValueError: no such layer")).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("<b id='planted'>not bold</b>")
    expect(page.locator("#planted")).to_have_count(0)
    assert carol.get("/jobs").json()["items"][0]["user_id"] == "carol"


def test_a_running_job_is_cancelled_at_the_second_press(visitor: Callable[[str], Visitor], hub: Hub) -> None:
    dora = visitor("dora")
    page = dora.go("submit")
    dora.choose(("sleep.py", SLEEPS), ("config.yaml", b"a: 1\n"))
    expect(page.get_by_label("Entrypoint")).to_have_value("sleep.py")
    submit(page)
    expect(page.get_by_role("log")).to_contain_text("asleep", timeout=RUN_MS)
    page.get_by_role("button", name="Cancel", exact=True).click()
    sure = page.get_by_role("button", name="Press again to cancel")
    expect(sure).to_be_visible()
    assert jobs_of(hub, "dora")[0]["cancel_requested"] is False
    sure.click()
    expect(page.locator(".lb-jobs li").first.locator(".lb-cancelled")).to_be_visible(timeout=RUN_MS)
    expect(page.get_by_role("log")).to_have_attribute("data-follows", "false")
