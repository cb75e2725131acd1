"""Reading a `parameters` cell, and checking what a user gives for it."""

from typing import Any

import pytest

from leadersboard.domain import errors
from leadersboard.domain.parameters import Parameter, check_parameters, parse_parameters

CELL = """
data_dir = "data"  # where the images are
epochs = 10  # how long to train
rate: float = 1e-3
backbone: Literal["resnet18", "resnet50"] = "resnet18"  # which network
layers = ["layer1", "layer2"]
fast = True
anything = None
computed = 3 * 4 + f()
import os
"""


def declared() -> tuple[Parameter, ...]:
    return parse_parameters(CELL, "nb.ipynb")


def test_literals_are_parameters_with_their_help_and_choices() -> None:
    found = {parameter.name: parameter for parameter in declared()}
    assert list(found) == ["data_dir", "epochs", "rate", "backbone", "layers", "fast", "anything"]
    assert found["epochs"] == Parameter("epochs", 10, (), "how long to train")
    assert found["backbone"].choices == ("resnet18", "resnet50")
    assert found["rate"].default == pytest.approx(1e-3)


def test_a_cell_that_is_not_python_is_refused() -> None:
    with pytest.raises(errors.UnreadableParametersCell):
        parse_parameters("epochs = = 1", "nb.ipynb")


def test_nothing_in_the_cell_is_run(tmp_path: Any) -> None:
    target = tmp_path / "ran"
    parse_parameters(f"open({str(target)!r}, 'w')\nx = open({str(target)!r}, 'w')", "nb.ipynb")
    assert not target.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 3),
        ("rate", 1),
        ("rate", 0.5),
        ("backbone", "resnet50"),
        ("fast", False),
        ("anything", "x"),
        ("seed", 7),
    ],
)
def test_values_of_the_right_type_are_taken(name: str, value: object) -> None:
    assert check_parameters({name: value}, declared(), "nb.ipynb") == {name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", "3"),
        ("epochs", 3.5),
        ("epochs", True),
        ("rate", "x"),
        ("backbone", "vgg"),
        ("fast", 1),
        ("layers", "a"),
        ("seed", "x"),
    ],
)
def test_values_of_another_type_are_refused(name: str, value: object) -> None:
    with pytest.raises(errors.WrongParameterType, match=name):
        check_parameters({name: value}, declared(), "nb.ipynb")


def test_unknown_and_reserved_names_and_a_missing_cell_are_refused() -> None:
    with pytest.raises(errors.UnknownParameter, match="epochs"):
        check_parameters({"epoch": 1}, declared(), "nb.ipynb")
    with pytest.raises(errors.ReservedParameter):
        check_parameters({"data_dir": "/"}, declared(), "nb.ipynb")
    with pytest.raises(errors.NoParametersCell):
        check_parameters({"epochs": 1}, None, "nb.ipynb")
    assert check_parameters({}, None, "nb.ipynb") == {}
