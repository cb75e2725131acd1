"""What people see on the dashboards, through the hub, against what MLflow holds."""

import csv
import io
import re
from collections.abc import Callable

import httpx
import numpy
import pytest
from playwright.sync_api import expect

from tests.e2e.dashboards.conftest import PRIVATE, PUBLIC, Lab, Looker, part_of
from tests.integration.conftest import wait_until

RUN_MS = 180_000
ASKED = "document.getElementById('lb-live-board').dataset.asked"
ALL_SHOWN = "[...document.querySelectorAll('.lb-gallery img')].every((one) => one.complete && one.naturalWidth > 100)"
# Those of the first plot.
POINTS = "(document.querySelector('.lb-plots .js-plotly-plot')?.data?.[0].x.length ?? 0)"
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
        "first": lab.submit(carol),
        "second": lab.submit(carol, 'print("another way")', sharpness=2.0),
        "same": lab.submit(dave),
        "without maps": lab.submit(dave, with_maps=False),
    }
    for client, names in ((carol, ("first", "second")), (dave, ("same", "without maps"))):
        for name in names:
            lab.wait_for(client, found[name])
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
    carol.page.get_by_role("combobox", name="Participant", exact=True).fill("dave")
    carol.page.get_by_label("Rows").select_option("all")
    carol.page.get_by_role("button", name="Show").click()
    carol.page.wait_for_url("**user=dave**")
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
    # Whoever takes a file away stays: the page goes on asking.
    dave.is_live()
    asked = dave.page.evaluate(ASKED)
    dave.page.wait_for_function(f"{ASKED} > {asked!r}")


def test_a_category_shows_and_orders_by_its_own_metrics(
    lab: Lab, runs: dict[str, str], carol: httpx.Client, looker: NewLooker
) -> None:
    looking = looker("carol")
    looking.open(f"leaderboard/{PRIVATE}?entries=all")
    category = carol.get(f"/leaderboard/{PRIVATE}").json()["facets"]["categories"][-1]
    looking.page.get_by_label("Category").select_option(category)
    looking.page.get_by_role("button", name="Show").click()
    looking.page.wait_for_url(f"**category={category}**")
    expect(looking.page.get_by_text(f"The metrics of {category} alone")).to_be_visible()
    tracked, shown = lab.tracked(PRIVATE), looking.table()
    assert {row["job"] for row in shown} >= set(runs.values())
    assert [row["image_auroc ↑"] for row in shown] == [
        f"{tracked[row['job']][f'image_auroc/{category}']:.4f}" for row in shown
    ]
    told = carol.get(f"/leaderboard/{PRIVATE}", params={"category": category, "format": "csv"}).text
    (first, *_) = csv.DictReader(io.StringIO(told.removeprefix("\ufeff")))
    assert f"{float(first[f'image_auroc/{category}']):.4f}" == shown[0]["image_auroc ↑"]
    points = carol.get(f"/leaderboard/{PRIVATE}/plots", params={"category": category}).json()["points"]
    assert {point["job_id"]: f"{point['score']:.4f}" for point in points} == {
        row["job"]: row["image_auroc ↑"] for row in shown
    }
    expect(looking.page.get_by_text(f"image_auroc ({category})").first).to_be_visible()
    assert [row["image_auroc ↑"] for row in shown] == sorted((row["image_auroc ↑"] for row in shown), reverse=True)


def test_an_address_that_asks_for_nonsense_is_answered_with_what_can_be_asked(lab: Lab, looker: NewLooker) -> None:
    looking = looker("carol")
    looking.open(f"leaderboard/{PRIVATE}?sort=zzz")
    expect(looking.page.locator(".lb-board")).to_contain_text("cannot be ordered by 'zzz'. It can be by: attempt")
    looking.page.get_by_role("link", name="Leaderboard").click()
    expect(looking.page.get_by_role("columnheader", name="Rank")).to_be_visible()


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


def test_plots_follow_what_is_new_without_a_reload(
    lab: Lab, runs: dict[str, str], carol: httpx.Client, looker: NewLooker
) -> None:
    looking = looker("carol")
    looking.open(f"leaderboard/{PRIVATE}")
    looking.page.wait_for_function(f"{POINTS} >= {len(runs)}")
    before = looking.page.evaluate(POINTS)
    looking.page.evaluate("() => { window.never_reloaded = true; }")
    lab.submit(carol, sharpness=1.5)
    looking.page.wait_for_function(f"{POINTS} === {before + 1}", timeout=RUN_MS)
    looking.page.get_by_role("heading", name="Plots").evaluate("(heading) => heading.scrollIntoView()")
    looking.keep("plots")
    assert looking.page.evaluate("() => window.never_reloaded") is True


def test_a_run_has_its_metrics_curves_pictures_notebooks_and_log(runs: dict[str, str], looker: NewLooker) -> None:
    carol = looker("carol")
    carol.open(f"leaderboard/{PRIVATE}?entries=all")
    carol.row(runs["second"]).get_by_role("link", name="contrast").click()
    carol.page.wait_for_url(f"**/runs/{runs['second']}")
    for heading in ("Metrics", "Parameters", "Environment", "Curves", "Notebooks", "Log", "Test images"):
        expect(carol.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(carol.page.get_by_role("row", name="sharpness")).to_contain_text("2")
    expect(carol.page.locator(".lb-log")).to_contain_text("another way")
    picture = carol.page.locator(".lb-pictures img").first
    picture.scroll_into_view_if_needed()
    carol.page.wait_for_function("(image) => image.naturalWidth > 100", arg=picture.element_handle())
    carol.page.get_by_role("heading", name="Metrics", exact=True).evaluate("(heading) => heading.scrollIntoView()")
    carol.keep("run")
    carol.page.get_by_text(re.compile(r"^\d+ packages$")).click()
    expect(carol.page.get_by_role("row", name="numpy", exact=False).first).to_contain_text(numpy.__version__)
    carol.page.get_by_role("link", name="executed notebook").click()
    expect(carol.page.locator("body")).to_contain_text("another way")


def test_the_gallery_has_every_image_worst_first_by_category_and_kind_of_error(
    runs: dict[str, str], carol: httpx.Client, looker: NewLooker
) -> None:
    told = carol.get(f"/jobs/{runs['first']}/gallery", params={"limit": 200}).json()
    assert (told["total"], told["shows_all_labels"]) == (36, False)
    assert {image["verdict"] for image in told["images"][27:]} == {None}
    looking = looker("carol")
    looking.open(f"runs/{runs['first']}")
    pieces = looking.page.locator(".lb-gallery > li")
    expect(pieces).to_have_count(12)
    assert looking.page.locator(".lb-gallery code").all_inner_texts() == [
        one["image_id"] for one in told["images"][:12]
    ]
    for number, one in enumerate(told["images"][:12]):
        # Image, map and both over each other; of a defect its mask as well, and its outline over the two.
        expect(pieces.nth(number).locator("img")).to_have_count(6 if one["is_anomalous"] else 4)
    looking.page.evaluate("document.querySelectorAll('.lb-gallery img').forEach((one) => { one.loading = 'eager'; })")
    looking.page.wait_for_function(ALL_SHOWN)
    looking.page.get_by_role("link", name="Test images").click()
    expect(looking.page.get_by_role("heading", name="Test images")).to_be_in_viewport()
    looking.keep("gallery")
    wrong = looking.page.get_by_label("Judged")
    wrong.select_option(label=f"missed defect ({told['verdicts']['missed']})")
    missed = [one for one in told["images"] if one["verdict"] == "missed"]
    expect(pieces).to_have_count(min(12, len(missed)))
    expect(looking.page.locator(".lb-gallery .lb-badge.lb-missed")).to_have_count(min(12, len(missed)))
    wrong.select_option(label="all images")
    looking.page.get_by_label("Category").select_option(told["categories"][1])
    expect(pieces.locator("code", has_text=told["categories"][0])).to_have_count(0)
    expect(pieces).to_have_count(12)
    looking.page.get_by_label("Category").select_option(label="all categories")
    for _ in range(2):
        looking.page.get_by_role("button", name="Next").click()
    expect(looking.page.get_by_role("status").filter(has_text="25 to 36 of 36")).to_be_visible()
    expect(looking.page.get_by_role("button", name="Next")).to_be_disabled()


def test_labels_that_are_hidden_stay_so_and_organisers_see_them(
    lab: Lab, runs: dict[str, str], carol: httpx.Client, dave: httpx.Client
) -> None:
    path = f"/jobs/{runs['first']}/gallery"
    hidden = carol.get(path, params={"limit": 200}).json()["images"][-1]
    assert set(hidden["layers"]) == {"original", "map"}
    olga = lab.client("olgas-secret")
    everything = olga.get(path, params={"limit": 200}).json()
    assert everything["shows_all_labels"]
    assert all(one["verdict"] is not None for one in everything["images"])
    for layer, expected in (("original", 200), ("map", 200), ("mask", 404), ("outline", 404)):
        picture = f"{path}/{hidden['image_id']}/{layer}"
        assert carol.get(picture).status_code == expected
        assert olga.get(picture).headers["Content-Type"] == "image/webp"
        assert dave.get(picture).status_code == 404
    for name in ("..%2F..%2Fhidden%2Flabels.csv", "none-such"):
        assert carol.get(f"{path}/{name}/original").status_code == 404


def test_organisers_look_at_every_label_in_the_gallery(runs: dict[str, str], looker: NewLooker) -> None:
    olga, carol = looker("olga"), looker("carol")
    for one in (olga, carol):
        one.open(f"runs/{runs['first']}")
        expect(one.page.locator(".lb-gallery > li")).to_have_count(12)
        for _ in range(2):
            one.page.get_by_role("button", name="Next").click()
        expect(one.page.get_by_role("status").filter(has_text="25 to 36 of 36")).to_be_visible()
    hidden, about = "label not shown", "Labels and masks are shown of a few images only"
    expect(olga.page.locator(".lb-gallery .lb-badge", has_text=hidden)).to_have_count(0)
    expect(olga.page.get_by_text(about)).to_have_count(0)
    expect(carol.page.locator(".lb-gallery .lb-badge", has_text=hidden)).to_have_count(9)
    expect(carol.page.get_by_text(about)).to_be_visible()
    olga.page.get_by_role("link", name="Test images").click()
    olga.keep("gallery")


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
    # The image, and each run's map over it.
    expect(carol.page.locator(".lb-gallery > li").first.locator("figure")).to_have_count(3)
    carol.page.evaluate("document.querySelectorAll('.lb-gallery img').forEach((one) => { one.loading = 'eager'; })")
    carol.page.wait_for_function(ALL_SHOWN)
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


def test_anybody_sees_a_public_board_where_less_is_better_and_no_other_and_labels_where_all_are_shown(
    lab: Lab, dave: httpx.Client, carol: httpx.Client, looker: NewLooker
) -> None:
    for client, job_id in (
        (carol, lab.submit(carol, benchmark=PUBLIC)),
        (dave, lab.submit(dave, benchmark=PUBLIC, sharpness=2.0)),
    ):
        lab.wait_for(client, job_id)
    (shown, *_) = carol.get(f"/leaderboard/{PUBLIC}", params={"user": "carol"}).json()["rows"]
    # What this benchmark says of its labels holds for participants in the browser as well.
    participant = looker("carol")
    participant.open(f"runs/{shown['job_id']}")
    expect(participant.page.locator(".lb-gallery > li")).to_have_count(12)
    participant.page.get_by_role("button", name="Next").click()
    participant.page.get_by_role("button", name="Next").click()
    expect(participant.page.get_by_role("status").filter(has_text="25 to 36 of 36")).to_be_visible()
    expect(participant.page.locator(".lb-gallery .lb-badge", has_text="label not shown")).to_have_count(0)
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
    # By the keyboard alone: to the first field, what is looked for, and there it is.
    while phone.page.evaluate("document.activeElement.name") != "q":
        phone.page.keyboard.press("Tab")
    assert phone.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    phone.page.keyboard.type("dave")
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_url("**q=dave**")
    expect(phone.rows).to_have_count(1)


def test_a_run_with_its_gallery_fits_a_phone_in_the_dark_and_in_japanese(
    runs: dict[str, str], looker: NewLooker
) -> None:
    phone = looker("dave", viewport={"width": 390, "height": 844}, color_scheme="dark", locale="ja-JP")
    phone.open(f"runs/{runs['same']}")
    phone.page.get_by_role("link", name="テスト画像").click()
    expect(phone.page.locator(".lb-gallery > li")).to_have_count(12)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.page.locator(".lb-gallery > li").nth(1).scroll_into_view_if_needed()
    phone.keep("gallery-phone")


def test_while_mlflow_is_away_the_board_says_so_and_goes_on(lab: Lab, runs: dict[str, str], looker: NewLooker) -> None:
    carol = looker("carol")
    carol.open(f"leaderboard/{PRIVATE}?entries=all")
    carol.is_live()
    for process in part_of(lab.hub, "mlflow server", "mlflow.server"):
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
    for process in part_of(lab.hub, "leadersboard.cli.main api"):
        process.kill()
    expect(carol.page.locator(".lb-warn[role=status]")).to_contain_text("The platform does not answer")
    expect(carol.rows).to_have_count(2)
    carol.keep("platform-away")
    expect(carol.page.locator(".lb-warn[role=status]")).to_have_count(0)
