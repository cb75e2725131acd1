"""The memory of the card is watched by what the driver's tool says of the run's own card."""

import os
from pathlib import Path

import pytest

from leadersboard.adapters.runner.usage import UsageWatch
from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.ports.runner import RunEnd, RunSpec

# It answers for the card that it is asked about, from a file of that card's name.
_TOOL = """#!/bin/sh
for word in "$@"; do case "$word" in --id=*) cat "$(dirname "$0")/${word#--id=}" ;; esac; done
"""


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the tool finds what each card holds, in MiB."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "nvidia-smi").write_text(_TOOL)
    (folder / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def watch(tmp_path: Path, card: str, limit: int) -> UsageWatch:
    limits = ResourceClass("small", wall_seconds=1, memory_bytes=1, gpu_memory_bytes=limit)
    spec = RunSpec(
        tmp_path / "main.py", tmp_path, tmp_path, tmp_path, limits, environment={"CUDA_VISIBLE_DEVICES": card}
    )
    return UsageWatch(lambda: [os.getpid()], spec)


def test_a_run_that_holds_more_of_its_card_than_it_may_is_ended_with_what_was_measured(
    cards: Path, tmp_path: Path
) -> None:
    own, other = cards / "1", cards / "0"
    own.write_text("200\n")
    other.write_text("90000\n")
    seen = watch(tmp_path, "1", 200 * MIB)
    assert seen.look_at_gpu() is None
    own.write_text("201\n")
    assert seen.look_at_gpu() is RunEnd.OUT_OF_GPU_MEMORY
    own.write_text("5\n")
    assert seen.look_at_gpu() is None
    assert seen.peak.gpu_memory_bytes == 201 * MIB


def test_without_a_limit_the_peak_is_measured_all_the_same(cards: Path, tmp_path: Path) -> None:
    (cards / "0").write_text("90000\n")
    seen = watch(tmp_path, "0", 0)
    assert seen.look_at_gpu() is None
    assert seen.peak.gpu_memory_bytes == 90_000 * MIB


def test_a_tool_that_says_nothing_sensible_ends_no_run(cards: Path, tmp_path: Path) -> None:
    (cards / "0").write_text("[N/A]\n")
    assert watch(tmp_path, "0", 1).look_at_gpu() is None
