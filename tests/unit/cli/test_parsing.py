"""Values as they are typed."""

from typing import Any

import pytest

from leadersboard.cli.outcome import Rejected
from leadersboard.cli.parsing import named_values


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("10", 10),
        ("0.5", 0.5),
        ("true", True),
        ("null", None),
        ('["layer1", "layer2"]', ["layer1", "layer2"]),
        ('"10"', "10"),
        ("resnet18", "resnet18"),
        ("True", "True"),
        ("NaN", "NaN"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_a_value_that_is_json_is_that_value_and_any_other_is_text(typed: str, value: Any) -> None:
    assert named_values([f"name={typed}"]) == {"name": value}


@pytest.mark.parametrize("typed", ["epochs", "=10", " =10"])
def test_a_pair_without_a_name_or_equals_sign_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Rejected, match="name=value"):
        named_values([typed])


def test_the_last_of_several_values_counts() -> None:
    assert named_values(["a=1", "b=2", "a=3"]) == {"a": 3, "b": 2}
