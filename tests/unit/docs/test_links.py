"""Links in the documentation lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def read(path: Path) -> str:
    """The text of a page, without its blocks of code."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """File and anchor of each link to something in the repository."""
    for target in _LINK.findall(read(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        yield (page.parent / path).resolve() if path else page, anchor


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in _HEADING.findall(read(page))
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    broken = [
        f"{path}#{anchor}"
        for path, anchor in links(page)
        if not path.exists() or not path.is_relative_to(ROOT) or (anchor and anchor not in anchors(path))
    ]

    assert not broken


@pytest.mark.parametrize("page", [page for page in PAGES if page.name.endswith(".ja.md")], ids=lambda page: page.name)
def test_a_japanese_page_and_its_english_one_lead_to_each_other(page: Path) -> None:
    english = page.with_name(page.name.replace(".ja.md", ".md"))

    assert (english, "") in links(page)
    assert (page, "") in links(english)


def test_pages_of_the_reference_are_reached_from_the_readme() -> None:
    linked = {path for path, _ in links(ROOT / "README.md")}

    assert set(ROOT.glob("docs/reference/*.md")) <= linked
