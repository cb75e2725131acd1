"""From a folder of predictions to metrics, result file and figures."""

import json
from pathlib import Path

import numpy as np
import pytest

from leadersboard.scoring import figures
from leadersboard.scoring.grading import check, grade
from leadersboard.scoring.reference import Reference
from leadersboard.scoring.refusal import PredictionsRefused
from leadersboard.scoring.result import write_grades, write_refusal
from tests.unit.scoring.conftest import SIZE, write_maps, write_predictions

IMAGE = {"image_auroc", "image_f1_max"}
PIXEL = {"pixel_auroc", "pixel_f1_max", "aupro"}
Scores = dict[str, float]


def test_without_maps_there_are_image_metrics_only(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, scores)
    grades = grade(check(outputs, reference), reference, 0)
    assert grades.metrics.keys() == IMAGE
    assert grades.metrics["image_auroc"] == 1
    assert grades.interval == (1, 1)


def test_with_maps_there_are_pixel_metrics_too(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, scores)
    write_maps(outputs, reference)
    grades = grade(check(outputs, reference), reference, 0)
    assert grades.metrics.keys() == IMAGE | PIXEL
    assert all(value == pytest.approx(1) for value in grades.metrics.values())


def test_a_metric_is_the_mean_over_categories(outputs: Path, reference: Reference, scores: Scores) -> None:
    # Category b is judged the wrong way round.
    write_predictions(outputs, {name: -value if name[0] == "b" else value for name, value in scores.items()})
    grades = grade(check(outputs, reference), reference, 0)
    assert grades.by_category["a"]["image_auroc"] == 1
    assert grades.by_category["b"]["image_auroc"] == 0
    assert grades.metrics["image_auroc"] == 0.5


def test_categories_need_not_share_a_scale(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, {name: value * (1e6 if name[0] == "b" else 1) for name, value in scores.items()})
    assert grade(check(outputs, reference), reference, 0).metrics["image_auroc"] == 1


def test_a_wrong_map_is_found_while_grading(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, scores)
    np.save(write_maps(outputs, reference) / "b_0003.npy", np.zeros((2, 2), np.float32))
    with pytest.raises(PredictionsRefused, match="b_0003"):
        grade(check(outputs, reference), reference, 0)


def test_the_result_file_is_what_the_platform_reads(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, scores)
    write_grades(outputs / "result.json", grade(check(outputs, reference), reference, 0))
    result = json.loads((outputs / "result.json").read_text())
    assert result["metrics"]["image_auroc"] == 1
    assert result["by_category"].keys() == {"a", "b"}
    assert result["intervals"] == {"image_auroc": [1.0, 1.0]}


def test_a_refusal_is_kept_in_both_languages(outputs: Path) -> None:
    write_refusal(outputs / "result.json", PredictionsRefused("Wrong.", "誤り。"))
    assert json.loads((outputs / "result.json").read_text()) == {"invalid": "Wrong.", "invalid_ja": "誤り。"}


def test_figures_are_png_files_of_their_names(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, scores)
    write_maps(outputs, reference)
    predictions = check(outputs, reference)
    grades = grade(predictions, reference, 0)
    curves = {
        "roc": figures.roc_figure(predictions, reference, grades),
        "pr": figures.pr_figure(predictions, reference, grades),
        "pro": figures.pro_figure(grades),
    }
    figures.save(curves.items(), outputs / "figures")
    figures.save(figures.heat_maps(predictions, reference), outputs / "figures" / "heatmaps")
    assert {path.name for path in (outputs / "figures").iterdir()} == {"roc.png", "pr.png", "pro.png", "heatmaps"}
    drawn = {path.stem for path in (outputs / "figures" / "heatmaps").iterdir()}
    assert drawn <= set(reference.by_id)
    assert {name[0] for name in drawn} == {"a", "b"}


def test_without_maps_there_is_no_pro_curve_and_no_heat_map(
    outputs: Path, reference: Reference, scores: Scores
) -> None:
    write_predictions(outputs, scores)
    predictions = check(outputs, reference)
    grades = grade(predictions, reference, 0)
    assert figures.pro_figure(grades) is None
    assert figures.save([("pro", None)], outputs / "figures") == []
    assert list(figures.heat_maps(predictions, reference)) == []


def test_maps_that_are_flat_can_be_drawn(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, scores)
    folder = write_maps(outputs, reference)
    for path in folder.iterdir():
        np.save(path, np.zeros(SIZE, np.float32))
    figures.save(figures.heat_maps(check(outputs, reference), reference), outputs / "figures")
    assert list((outputs / "figures").iterdir())
