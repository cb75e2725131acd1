"""The classical template, run by papermill as it stands, and scored."""

from pathlib import Path

import nbformat
import pytest

from leadersboard.datasets import PreparedDataset
from leadersboard.shipped import shipped
from tests.integration.scoring.demonstration import check_page, pictures, run_notebook, score, small_demonstration

CLASSICAL = shipped("templates") / "classical" / "classical.ipynb"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    return small_demonstration(tmp_path_factory.mktemp("demonstration"))


def test_it_reads_as_a_page() -> None:
    check_page(CLASSICAL)


def test_it_says_what_it_is_in_both_languages() -> None:
    about = nbformat.read(CLASSICAL, as_version=4).metadata["leadersboard"]
    assert (about["template"], about["benchmark"]) == ("classical", "demo-inspection")
    assert about["title"].keys() == about["description"].keys() == {"en", "ja"}


def test_it_needs_no_neural_network() -> None:
    source = "\n".join(cell.source for cell in nbformat.read(CLASSICAL, as_version=4).cells)
    assert "import torch" not in source
    assert "anomalib" not in source


def test_its_predictions_are_scored_and_better_than_chance_where_texture_tells(
    dataset: PreparedDataset, tmp_path: Path
) -> None:
    outputs = tmp_path / "outputs"
    executed = run_notebook(
        CLASSICAL, tmp_path / "run.ipynb", {"data_dir": str(dataset.public), "output_dir": str(outputs)}
    )
    assert pictures(executed) == 1
    result, _ = score(outputs, dataset, tmp_path / "scoring")
    assert result["metrics"].keys() == {"image_auroc", "image_f1_max", "pixel_auroc", "pixel_f1_max", "aupro"}
    assert result["by_category"]["wafer"]["image_auroc"] > 0.6
    assert result["by_category"]["wafer"]["pixel_auroc"] > 0.8
