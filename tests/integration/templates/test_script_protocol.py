"""The script template, run as the platform runs scripts, and scored."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leadersboard.datasets import PreparedDataset
from leadersboard.shipped import shipped
from tests.integration.scoring.demonstration import score, small_demonstration

SCRIPT = shipped("templates") / "script"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    return small_demonstration(tmp_path_factory.mktemp("demonstration"))


def test_its_predictions_are_scored_and_good_where_position_tells(dataset: PreparedDataset, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    done = subprocess.run(
        [sys.executable, "main.py", "--config", "config.yaml", "--output", str(outputs)],
        cwd=SCRIPT,
        env={**os.environ, "LEADERSBOARD_DATA_DIR": str(dataset.public)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["die: done", "interconnect: done", "wafer: done"]
    reported = json.loads((outputs / "metrics.json").read_text())
    assert reported["params"]["method"] == "pixel-statistics"
    assert reported["metrics"].keys() == {"mean_score"}
    result, _ = score(outputs, dataset, tmp_path / "scoring")
    assert result["by_category"]["die"]["image_auroc"] > 0.6
    assert result["metrics"].keys() == {"image_auroc", "image_f1_max", "pixel_auroc", "pixel_f1_max", "aupro"}
