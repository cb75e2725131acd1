"""Metrics against other implementations and against cases whose answer is known."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from anomalib.metrics import AUPRO
from sklearn.metrics import precision_recall_curve, roc_auc_score

from leadersboard.scoring.metrics import image_metrics, pixel_metrics, ranks


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(4)


def _images(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    labels = np.arange(200) % 2
    # Rounded, so that there are ties.
    return np.round(random.normal(labels, 1.0), 1), labels


def test_they_agree_with_scikit_learn(random: np.random.Generator) -> None:
    scores, labels = _images(random)
    values = image_metrics(scores, labels)
    precision, recall, _ = precision_recall_curve(labels, scores)
    assert values["image_auroc"] == pytest.approx(roc_auc_score(labels, scores), abs=1e-6)
    assert values["image_f1_max"] == pytest.approx((2 * precision * recall / (precision + recall)).max(), abs=1e-6)


@pytest.mark.parametrize("change", [lambda x: x * 1e6, lambda x: x - 1e4, lambda x: np.exp(x), lambda x: x * 1e-9 + 1])
def test_only_the_order_of_scores_counts(random: np.random.Generator, change: object) -> None:
    scores, labels = _images(random)
    assert callable(change)
    assert image_metrics(change(scores), labels) == image_metrics(scores, labels)


def test_large_scores_that_differ_are_not_taken_for_equal() -> None:
    assert image_metrics([30.0, 31.0, 40.0, 41.0], [0, 0, 1, 1])["image_auroc"] == 1


def test_equal_scores_are_worth_a_coin() -> None:
    assert image_metrics([5.0] * 4, [0, 1, 0, 1])["image_auroc"] == 0.5


def test_an_outlier_does_not_blur_the_rest() -> None:
    maps = np.zeros((1, 4, 4), dtype=np.float32)
    masks = np.zeros((1, 4, 4), dtype=bool)
    masks[0, 0, :2] = True
    maps[0, 0, :2] = (1e-3, 3e38)
    maps[0, 1] = 1e-4
    assert pixel_metrics(maps, masks)[0]["pixel_auroc"] == 1


def test_ranks_keep_order_ties_and_shape() -> None:
    assert ranks(np.array([[3.0, -1e30], [3.0, 7e30]])).tolist() == [[0.5, 0.0], [0.5, 1.0]]


def _pixels(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    masks = np.zeros((6, 32, 32), dtype=bool)
    for number in range(4):
        masks[number, 3:7, 4 + number : 10] = True
        masks[number, 20:22, 20:24] = True
    return (random.normal(0, 1, masks.shape) + 1.5 * masks).astype(np.float32), masks


def test_pixel_metrics_agree_with_scikit_learn(random: np.random.Generator) -> None:
    maps, masks = _pixels(random)
    values, _ = pixel_metrics(maps, masks)
    precision, recall, _ = precision_recall_curve(masks.ravel(), maps.ravel())
    assert values["pixel_auroc"] == pytest.approx(roc_auc_score(masks.ravel(), maps.ravel()), abs=1e-6)
    assert values["pixel_f1_max"] == pytest.approx((2 * precision * recall / (precision + recall)).max(), abs=1e-6)


def test_aupro_is_that_of_anomalib(random: np.random.Generator) -> None:
    maps, masks = _pixels(random)
    metric = AUPRO(["scores", "labels"], fpr_limit=0.3)
    metric.update(SimpleNamespace(scores=torch.from_numpy(maps), labels=torch.from_numpy(masks).long()))
    assert pixel_metrics(maps, masks)[0]["aupro"] == pytest.approx(float(metric.compute()), abs=1e-6)


def test_aupro_counts_a_small_defect_as_much_as_a_large_one() -> None:
    masks = np.zeros((1, 40, 40), dtype=bool)
    masks[0, :20, :20] = True
    masks[0, 30:32, 30:32] = True
    maps = np.zeros(masks.shape, dtype=np.float32)
    maps[0, :20, :20] = 1
    values, curve = pixel_metrics(maps, masks)
    # The large one is found at once; the small one is tied with the background, from which half its overlap comes.
    assert curve.y[1] == pytest.approx(0.5)
    assert values["aupro"] == pytest.approx(0.5 + 0.3 / 4, abs=1e-3)
