"""Where all kernels are taken, whoever comes is shown the board all the same."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import picture, prepare_few_images
from tests.e2e.dashboards.conftest import PATIENCE_MS, PRIVATE, Looker, part_of
from tests.integration.hub.conftest import Hub, platform_with_hub


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A platform with room for one who looks."""
    home = tmp_path_factory.mktemp("c")
    prepare_few_images(home, tmp_path_factory.mktemp("images"))
    with platform_with_hub(home, LEADERSBOARD_DASHBOARDS_MOST_VIEWERS="1") as hub:
        yield hub


def test_past_the_cap_there_is_a_plain_board_with_a_note_whatever_page_and_whatever_is_away(
    small: Hub, browser: Browser
) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    first = _somebody(small, browser, "first")
    # Who has logged in is at the board.
    first.is_live()
    second = _somebody(small, browser, "second")
    for path in (f"leaderboard/{PRIVATE}", "submit", "runs/none-such"):
        answer = second.page.goto(f"{small.url}/services/dashboards/{path}")
        assert answer is not None
        assert answer.status == 200
        _has_board(second.page)
        expect(second.page.get_by_role("note")).to_contain_text("Many people look at boards")
    second.page.screenshot(path=picture("dashboards", "second-past-the-cap"))
    for process in part_of(small, "leadersboard.cli.main api"):
        process.kill()
    second.open(f"leaderboard/{PRIVATE}")
    _has_board(second.page)
    expect(second.page.get_by_role("status").filter(has_text="The platform does not answer")).to_be_visible()
    for one in (first, second):
        one.page.context.close()


def _somebody(hub: Hub, browser: Browser, name: str) -> Looker:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    looker = Looker(name, hub, context)
    looker.log_in()
    return looker


def _has_board(page: Page) -> None:
    expect(page.get_by_role("heading", name="Surface inspection")).to_be_visible()
