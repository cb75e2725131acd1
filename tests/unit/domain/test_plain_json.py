"""Values that can be kept and answered again, and those that cannot."""

from typing import Any

import pytest

from leadersboard.domain.plain_json import MAX_DEPTH, cleaned, flaw_in


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("value", [{"a": [1, 2.5, None, True, "日本"]}, nested(MAX_DEPTH), 10**300, (1, 2)])
def test_usual_values_can_be_kept(value: Any) -> None:
    assert flaw_in(value) is None


@pytest.mark.parametrize(
    "value",
    [
        b"x",
        {1: 2},
        {(1, 2): 3},
        10**400,
        {"a": float("inf")},
        [float("nan")],
        "\ud800",
        {"\udfff": 1},
        ["a\x00"],
        nested(MAX_DEPTH + 1),
    ],
)
def test_what_a_database_or_an_answer_cannot_hold_is_found(value: Any) -> None:
    assert flaw_in(value) is not None


def test_half_characters_are_replaced_everywhere_in_a_value() -> None:
    assert cleaned({"a\ud800": ["\udfff", 1, None, ("b",)]}) == {"a?": ["?", 1, None, ["b"]]}
    assert flaw_in(cleaned(["\ud800"])) is None
