"""The scoring notebook of the demonstration, run by papermill as the platform does."""

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from leadersboard.datasets import PreparedDataset
from tests.integration.scoring.demonstration import SCORING, check_page, pictures, score, small_demonstration


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    return small_demonstration(tmp_path_factory.mktemp("demonstration"))


def _write_truth(outputs: Path, dataset: PreparedDataset, *, maps: bool) -> None:
    """Write predictions that are right, and maps that are the masks themselves."""
    outputs.mkdir()
    with (dataset.hidden / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (outputs / "predictions.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [("image_id", "anomaly_score"), *((row["image_id"], 40 + int(row["label"])) for row in rows)]
        )
    if maps:
        (outputs / "anomaly_maps").mkdir()
        for row in rows:
            path = dataset.hidden / "masks" / f"{row['image_id']}.png"
            mask = np.asarray(Image.open(path)) if row["label"] == "1" else np.zeros((128, 128))
            np.save(outputs / "anomaly_maps" / f"{row['image_id']}.npy", mask.astype(np.float32))


def test_it_reads_as_a_page() -> None:
    check_page(SCORING)


def test_perfect_predictions_score_one_in_every_metric_of_the_benchmark(
    dataset: PreparedDataset, tmp_path: Path
) -> None:
    _write_truth(tmp_path / "outputs", dataset, maps=True)
    result, executed = score(tmp_path / "outputs", dataset, tmp_path / "scoring")
    definition = tomllib.loads((SCORING.parent / "benchmark.toml").read_text(encoding="utf-8"))
    assert result["metrics"] == pytest.approx(dict.fromkeys(definition["metrics"]["directions"], 1.0), abs=1e-3)
    assert result["by_category"].keys() == {"die", "interconnect", "wafer"}
    assert result["intervals"] == {"image_auroc": [1, 1]}
    figures = tmp_path / "scoring" / "figures"
    assert {path.name for path in figures.iterdir()} == {"roc.png", "pr.png", "pro.png", "heatmaps"}
    assert pictures(executed) == 3 + len(list((figures / "heatmaps").iterdir()))


def test_without_maps_there_are_no_pixel_metrics(dataset: PreparedDataset, tmp_path: Path) -> None:
    _write_truth(tmp_path / "outputs", dataset, maps=False)
    result, executed = score(tmp_path / "outputs", dataset, tmp_path / "scoring")
    assert result["metrics"].keys() == {"image_auroc", "image_f1_max"}
    assert pictures(executed) == 2


def test_wrong_predictions_are_no_failure_but_a_sentence(dataset: PreparedDataset, tmp_path: Path) -> None:
    _write_truth(tmp_path / "outputs", dataset, maps=True)
    np.save(tmp_path / "outputs" / "anomaly_maps" / "wafer_0019.npy", np.zeros((64, 64), np.float32))
    result, executed = score(tmp_path / "outputs", dataset, tmp_path / "scoring")
    assert result.keys() == {"invalid", "invalid_ja"}
    assert result["invalid"].startswith("anomaly_maps/wafer_0019.npy is float32 64 x 64; it must be float32 128 x 128")
    assert pictures(executed) == 0
    assert not (tmp_path / "scoring" / "figures").exists()
