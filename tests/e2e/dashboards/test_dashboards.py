"""What people see on the dashboards, through the hub, against what MLflow holds."""

import re
from collections.abc import Callable

import httpx
import psutil
import pytest
from playwright.sync_api import expect

from leadersboard.supervisor.processes import belonging_to
from tests.e2e.dashboards.conftest import PRIVATE, PUBLIC, Lab, Looker
from tests.integration.conftest import wait_until

RUN_MS = 180_000
NewLooker = Callable[..., Looker]


@pytest.fixture(scope="module")
def carol(lab: Lab) -> httpx.Client:
    return lab.client("carols-secret")


@pytest.fixture(scope="module")
def dave(lab: Lab) -> httpx.Client:
    return lab.client("daves-secret")


@pytest.fixture(scope="module")
def runs(lab: Lab, carol: httpx.Client, dave: httpx.Client) -> dict[str, str]:
    """Two runs of carol's, one of dave's that is as good as her first, and one of his without maps."""
    found = {
        "first": lab.run(carol),
        "second": lab.run(carol, 'print("another way")', sharpness=2.0),
        "same": lab.run(dave),
        "without maps": lab.run(dave, with_maps=False),
    }
    wait_until(lambda: set(found.values()) <= lab.tracked(PRIVATE).keys(), 60)
    return found


def test_the_board_is_what_mlflow_holds_best_first_with_shared_ranks_and_missing_metrics(
    lab: Lab, runs: dict[str, str], looker: NewLooker
) -> None:
    carol = looker("carol")
    carol.open(f"leaderboard/{PRIVATE}?entries=all")
    expect(carol.rows).to_have_count(4)
    tracked = lab.tracked(PRIVATE)
    shown = carol.table()
    for row in shown:
        for name, value in tracked[row["job"]].items():
            if f"{name} ↑" in row:
                assert row[f"{name} ↑"] == f"{value:.4f}"
    auroc = [tracked[row["job"]]["image_auroc"] for row in shown]
    assert auroc == sorted(auroc, reverse=True)
    by_job = {row["job"]: row for row in shown}
    assert by_job[runs["first"]]["Rank"] == by_job[runs["same"]]["Rank"]
    assert by_job[runs["without maps"]]["aupro ↑"] == "–"
    # Its image score is the same, and what it lacks comes last.
    assert int(by_job[runs["without maps"]]["Rank"]) > int(by_job[runs["first"]]["Rank"])
    expect(carol.row(runs["first"])).to_have_class("lb-mine")
    expect(carol.row(runs["same"])).not_to_have_class("lb-mine")
    carol.keep("board")


def test_one_row_a_user_by_default_and_the_filter_is_in_the_address(runs: dict[str, str], looker: NewLooker) -> None:
    carol = looker("carol")
    carol.open(f"leaderboard/{PRIVATE}")
    expect(carol.rows).to_have_count(2)
    carol.page.get_by_label("Text").fill("dave")
    carol.page.get_by_label("Rows").select_option("all")
    carol.page.get_by_role("button", name="Show").click()
    carol.page.wait_for_url("**q=dave**")
    expect(carol.rows).to_have_count(2)
    address = carol.page.url
    dave = looker("dave")
    dave.page.goto(address)
    expect(dave.rows).to_have_count(2)
    assert {row["Participant"].split()[0] for row in dave.table()} == {"dave"}
    dave.page.get_by_role("link", name="Run time").click()
    dave.page.wait_for_url("**sort=seconds**")
    expect(dave.rows).to_have_count(2)
    with dave.page.expect_download() as download:
        dave.page.get_by_role("link", name="Download CSV").click()
    assert download.value.path().read_text(encoding="utf-8-sig").count("\n") == 3


def test_a_row_that_appears_is_shown_without_a_reload_and_keeps_what_one_was_doing(
    lab: Lab, runs: dict[str, str], carol: httpx.Client, looker: NewLooker
) -> None:
    looking = looker("carol")
    looking.open(f"leaderboard/{PRIVATE}?entries=all")
    looking.is_live()
    looking.page.get_by_label("Text").fill("half a wo")
    looking.row(runs["second"]).get_by_role("checkbox").check()
    looking.page.evaluate("() => { window.never_reloaded = true; }")
    fresh = lab.submit(carol, sharpness=0.5)
    expect(looking.row(fresh)).to_be_visible(timeout=RUN_MS)
    expect(looking.page.get_by_label("Text")).to_have_value("half a wo")
    expect(looking.row(runs["second"]).get_by_role("checkbox")).to_be_checked()
    expect(looking.row(runs["first"]).get_by_role("checkbox")).not_to_be_checked()
    assert looking.page.evaluate("() => window.never_reloaded") is True


def test_a_run_has_its_metrics_curves_pictures_notebooks_and_log(runs: dict[str, str], looker: NewLooker) -> None:
    carol = looker("carol")
    carol.open(f"leaderboard/{PRIVATE}?entries=all")
    carol.row(runs["second"]).get_by_role("link", name="contrast").click()
    carol.page.wait_for_url(f"**/runs/{runs['second']}")
    for heading in ("Metrics", "Parameters", "Environment", "Curves", "Heat maps", "Notebooks", "Log"):
        expect(carol.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(carol.page.get_by_role("row", name="sharpness")).to_contain_text("2")
    expect(carol.page.locator(".lb-log")).to_contain_text("another way")
    picture = carol.page.locator(".lb-pictures img").first
    picture.scroll_into_view_if_needed()
    carol.page.wait_for_function("(image) => image.naturalWidth > 100", arg=picture.element_handle())
    carol.keep("run")
    carol.page.get_by_role("link", name="executed notebook").click()
    expect(carol.page.locator("body")).to_contain_text("another way")


def test_runs_are_compared_in_metrics_settings_cells_and_pictures(runs: dict[str, str], looker: NewLooker) -> None:
    carol = looker("carol")
    carol.open(f"leaderboard/{PRIVATE}?entries=all")
    for name in ("first", "second"):
        carol.row(runs[name]).get_by_role("checkbox").check()
    carol.page.get_by_role("button", name="Compare").click()
    carol.page.wait_for_url("**/compare?run=**")
    expect(carol.page.get_by_role("row", name="image_auroc")).to_be_visible()
    expect(carol.page.get_by_role("row", name="sharpness")).to_contain_text("2")
    # Which of the two comes first is the board's to say.
    expect(carol.page.get_by_role("heading", name=re.compile("Cell 3: (added|removed)"))).to_be_visible()
    expect(carol.page.locator(".lb-diff", has_text="another way")).to_be_visible()
    expect(carol.page.locator(".lb-pictures").first.locator("img")).to_have_count(2)
    carol.keep("comparison")
    carol.open("compare?run=only-one")
    expect(carol.page.get_by_role("status")).to_contain_text("two to four")


def test_others_runs_stay_closed_and_are_no_links(runs: dict[str, str], looker: NewLooker) -> None:
    dave = looker("dave")
    dave.open(f"leaderboard/{PRIVATE}?entries=all")
    expect(dave.row(runs["first"])).to_be_visible()
    assert dave.row(runs["first"]).get_by_role("link").count() == 0
    assert dave.row(runs["first"]).get_by_role("checkbox").count() == 0
    dave.open(f"runs/{runs['first']}")
    expect(dave.page.get_by_role("status")).to_contain_text("There is no job")
    answer = dave.page.request.get(f"{dave.hub.url}/services/dashboards/api/jobs/{runs['first']}/logs")
    assert answer.status == 404


def test_anybody_sees_a_public_board_where_less_is_better_and_no_other(
    lab: Lab, dave: httpx.Client, carol: httpx.Client, looker: NewLooker
) -> None:
    lab.run(carol, benchmark=PUBLIC)
    lab.run(dave, benchmark=PUBLIC, sharpness=2.0)
    guest = looker("guest", logged_in=False)
    guest.open(f"leaderboard/{PUBLIC}")
    expect(guest.rows).to_have_count(2)
    scores = [float(row["image_auroc ↓"]) for row in guest.table()]
    assert scores == sorted(scores)
    expect(guest.page.get_by_role("note")).to_contain_text("guest")
    guest.keep("public")
    guest.page.goto(f"{guest.hub.url}/services/dashboards/leaderboard/{PRIVATE}")
    expect(guest.page.get_by_label("Username")).to_be_visible()


def test_the_board_reads_well_on_a_phone_in_the_dark_and_in_japanese(runs: dict[str, str], looker: NewLooker) -> None:
    phone = looker(
        "phone", viewport={"width": 390, "height": 844}, color_scheme="dark", locale="ja-JP", device_scale_factor=2
    )
    phone.open(f"leaderboard/{PRIVATE}")
    expect(phone.page.get_by_role("columnheader", name="順位")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.keep("board")


def test_while_mlflow_is_away_the_board_says_so_and_goes_on(lab: Lab, runs: dict[str, str], looker: NewLooker) -> None:
    carol = looker("carol")
    carol.open(f"leaderboard/{PRIVATE}?entries=all")
    carol.is_live()
    for process in part_of(lab, "mlflow server", "mlflow.server"):
        process.kill()
    expect(carol.page.locator(".lb-warn[role=status]")).to_contain_text("MLflow has not answered")
    expect(carol.row(runs["first"])).to_be_visible()
    carol.keep("mlflow-away")
    expect(carol.page.locator(".lb-warn[role=status]")).to_have_count(0)


def test_while_the_platform_is_away_the_last_board_is_shown_with_its_age(
    lab: Lab, runs: dict[str, str], looker: NewLooker
) -> None:
    carol = looker("carol")
    carol.open(f"leaderboard/{PRIVATE}")
    carol.is_live()
    for process in part_of(lab, "leadersboard.cli.main api"):
        process.kill()
    expect(carol.page.locator(".lb-warn[role=status]")).to_contain_text("The platform does not answer")
    expect(carol.rows).to_have_count(2)
    carol.keep("platform-away")
    expect(carol.page.locator(".lb-warn[role=status]")).to_have_count(0)


def part_of(lab: Lab, *commands: str) -> list[psutil.Process]:
    """Return the processes of a part of the platform, by what their command lines hold."""
    found = [one for one in belonging_to(lab.hub.home) if any(words in " ".join(one.cmdline()) for words in commands)]
    assert found
    return found
