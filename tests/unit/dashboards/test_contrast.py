"""What is written on the pages can be read, in light and in dark: contrast by WCAG 2.2, 1.4.3, level AA."""

import re

import pytest

from leadersboard.shipped import shipped

LEAST = 4.5
STYLE = (shipped("dashboards") / "pages" / "colours.css").read_text(encoding="utf-8")
# Text and what it stands on.
PAIRS = [
    *((ink, ground) for ink in ("ink", "soft", "link", "good", "warn") for ground in ("ground", "raised")),
    ("ink", "mine"),
    ("soft", "mine"),
    ("link", "mine"),
    ("good", "mine"),
    ("ink", "warn-ground"),
    ("warn", "warn-ground"),
    ("ground", "accent"),
]


def colours(scheme: str) -> dict[str, str]:
    light, _, dark = STYLE.partition("@media (prefers-color-scheme: dark)")
    return dict(re.findall(r"--lb-([\w-]+): (#[0-9a-f]{6})", light if scheme == "light" else dark))


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, ink: str, ground: str) -> None:
    found = colours(scheme)
    low, high = sorted((luminance(found[ink]), luminance(found[ground])))
    assert (high + 0.05) / (low + 0.05) >= LEAST
