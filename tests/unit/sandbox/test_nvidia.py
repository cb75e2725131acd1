"""A run sees its own card, by a name that stays right whatever else is hidden."""

from pathlib import Path

import pytest

from leadersboard.adapters.sandbox.nvidia import binds, options


@pytest.fixture
def machine(tmp_path: Path) -> tuple[Path, Path]:
    """What the driver says of two cards, whose devices are numbered the other way round, and the devices."""
    cards, devices = tmp_path / "gpus", tmp_path / "dev"
    devices.mkdir()
    for place, (bus, minor) in enumerate([("0000:0a:00.0", 1), ("0000:1b:00.0", 0)]):
        (cards / bus).mkdir(parents=True)
        (cards / bus / "information").write_text(f"Model: \t X\nGPU UUID: \t GPU-{place}\nDevice Minor: \t {minor}\n")
        (devices / f"nvidia{minor}").touch()
    (devices / "nvidiactl").touch()
    return cards, devices


def shown(words: list[str], devices: Path) -> set[str]:
    return {Path(word).name for word in words if word.startswith(str(devices))}


def test_a_run_without_a_card_sees_no_device_of_it(machine: tuple[Path, Path]) -> None:
    assert binds("", *machine) == []


def test_a_run_sees_the_device_of_its_own_card_alone(machine: tuple[Path, Path]) -> None:
    words = binds("0", *machine)
    assert {name for name in shown(words, machine[1]) if name[-1].isdigit()} == {"nvidia1"}
    assert words[words.index("CUDA_VISIBLE_DEVICES") + 1] == "GPU-0"


def test_all_devices_are_shown_where_the_driver_does_not_say_whose_they_are(machine: tuple[Path, Path]) -> None:
    words = binds("0", machine[0] / "nowhere", machine[1])
    assert {name for name in shown(words, machine[1]) if name[-1].isdigit()} == {"nvidia0", "nvidia1"}
    assert "CUDA_VISIBLE_DEVICES" not in words


def test_a_container_is_given_the_device_of_its_own_card_alone(machine: tuple[Path, Path]) -> None:
    words = options("0", *machine)
    assert shown(words, machine[1]) == {"nvidia1", "nvidiactl"}, "and nothing that is not there"
    assert "CUDA_VISIBLE_DEVICES=GPU-0" in words
    assert options("", *machine) == []
