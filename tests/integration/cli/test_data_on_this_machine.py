"""Data sets and weights, as an operator adds them."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run a command with a home of its own."""
    environment = {"LEADERSBOARD_HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8"}

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "leadersboard.cli.main", *arguments]
        return subprocess.run(
            line, env=_inherited() | environment | more, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def _inherited() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LEADERSBOARD_")}


def _mvtec(folder: Path) -> Path:
    for place in ("train/good/000", "test/good/000", "test/scratch/000"):
        path = folder / "bottle" / f"{place}.png"
        path.parent.mkdir(parents=True)
        Image.new("RGB", (64, 64), (len(place), 90, 120)).save(path)
    mask = folder / "bottle" / "ground_truth" / "scratch" / "000_mask.png"
    mask.parent.mkdir(parents=True)
    Image.new("L", (64, 64), 255).save(mask)
    return folder


def test_a_folder_shaped_like_mvtec_ad_is_added_and_listed(command: Command, tmp_path: Path) -> None:
    added = command("dataset", "add", "bottles", str(_mvtec(tmp_path / "mvtec")))

    assert added.returncode == 0, added.stderr
    assert "bottles is ready" in added.stdout
    listed = command("dataset", "list").stdout.splitlines()
    assert listed[1].split()[:3:2] == ["bottles", "3"]


def test_a_folder_of_another_shape_is_refused_with_what_is_wrong(command: Command, tmp_path: Path) -> None:
    added = command("dataset", "add", "bottles", str(tmp_path))

    assert added.returncode == 2
    assert str(tmp_path) in added.stderr
    assert "There are no data sets" in command("dataset", "list").stdout


@pytest.mark.parametrize("name", ["../up", "a/b", ".", ""])
def test_a_name_that_would_leave_the_folder_is_refused(command: Command, tmp_path: Path, name: str) -> None:
    assert command("dataset", "add", name, str(tmp_path)).returncode == 2
    assert not (tmp_path / "home").exists()


def test_weights_are_copied_to_where_jobs_find_them(command: Command, tmp_path: Path) -> None:
    (tmp_path / "resnet18.safetensors").write_bytes(b"weights")

    added = command("weights", "add", str(tmp_path / "resnet18.safetensors"))

    assert added.returncode == 0, added.stderr
    assert (tmp_path / "home" / "weights" / "resnet18.safetensors").read_bytes() == b"weights"
    assert "resnet18.safetensors" in command("weights", "list").stdout
    assert command("weights", "add", str(tmp_path / "absent")).returncode == 2
    assert command("weights", "add", str(tmp_path / "resnet18.safetensors"), "--name", "../x").returncode == 2


def test_the_doctor_names_what_is_there_and_what_to_do_about_the_rest(command: Command) -> None:
    looked = command("doctor")

    assert "leadersboard dataset generate" in looked.stdout
    assert all(line.split()[0] in ("ok", "warn", "missing") for line in looked.stdout.splitlines())
    missing = [line for line in looked.stdout.splitlines() if line.startswith("missing")]
    assert looked.returncode == (1 if missing else 0)
