"""The pictures of a scoring: curves, and heat maps of images that tell something."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import PrecisionRecallDisplay, RocCurveDisplay

from leadersboard.scoring.predictions import TestSet

# Okabe and Ito's colours, told apart with any kind of colour vision.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000")
_HEATMAPS_A_CATEGORY = 4
_PRO_STEPS = 60
_PRO_LIMIT = 0.3


def curves(test_set: TestSet, scores: NDArray[np.float64]) -> Figure:
    """Draw the ROC and precision-recall curves of each category."""
    figure, (roc, pr) = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    for category, colour in zip(dict.fromkeys(test_set.categories), _COLOURS, strict=False):
        chosen = np.array([one == category for one in test_set.categories])
        labels, given = test_set.labels[chosen], scores[chosen]
        RocCurveDisplay.from_predictions(labels, given, name=category, ax=roc, curve_kwargs={"color": colour})
        PrecisionRecallDisplay.from_predictions(labels, given, name=category, ax=pr, curve_kwargs={"color": colour})
    roc.plot([0, 1], [0, 1], color="0.7", linestyle=":", zorder=0)
    roc.set(title="ROC, by image", xlabel="False positive rate", ylabel="True positive rate")
    pr.set(title="Precision and recall, by image", xlabel="Recall", ylabel="Precision", ylim=(0, 1.05))
    return figure


def pro_curve(test_set: TestSet, maps: Mapping[str, NDArray[np.float32]]) -> Figure:
    """Draw how much of the defects is covered against the share of normal pixels that is flagged."""
    figure, axes = plt.subplots(figsize=(5, 4.5), layout="constrained")
    for category, colour in zip(dict.fromkeys(test_set.categories), _COLOURS, strict=False):
        ids = [one for one, name in zip(test_set.image_ids, test_set.categories, strict=True) if name == category]
        rates, overlaps = _per_region_overlap([test_set.mask(one) for one in ids], [maps[one] for one in ids])
        axes.plot(rates, overlaps, color=colour, label=category)
    axes.set(title="Per-region overlap", xlabel="False positive rate, by pixel", ylabel="Mean overlap")
    axes.set(xlim=(0, _PRO_LIMIT), ylim=(0, 1.02))
    axes.legend(loc="lower right")
    return figure


def _per_region_overlap(
    masks: Sequence[NDArray[np.bool_]], maps: Sequence[NDArray[np.float32]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    normal = np.concatenate([one[~mask] for one, mask in zip(maps, masks, strict=True)])
    rates = np.linspace(0, _PRO_LIMIT, _PRO_STEPS)
    thresholds = np.quantile(normal, 1 - rates)
    defects = [np.sort(one[mask]) for one, mask in zip(maps, masks, strict=True) if mask.any()]
    covered = [1 - np.searchsorted(one, thresholds, side="left") / len(one) for one in defects]
    return rates, np.mean(covered, axis=0)


def heatmaps(
    test_set: TestSet, scores: NDArray[np.float64], maps: Mapping[str, NDArray[np.float32]]
) -> dict[str, Figure]:
    """Draw image, map and mask of the anomalous images found least and the normal ones suspected most."""
    return {image_id: _heatmap(test_set, image_id, scores, maps[image_id]) for image_id in _telling(test_set, scores)}


def _telling(test_set: TestSet, scores: NDArray[np.float64]) -> list[str]:
    chosen: list[str] = []
    for category in dict.fromkeys(test_set.categories):
        here = [number for number, name in enumerate(test_set.categories) if name == category]
        bad = sorted((n for n in here if test_set.labels[n]), key=lambda n: scores[n])
        good = sorted((n for n in here if not test_set.labels[n]), key=lambda n: -scores[n])
        half = _HEATMAPS_A_CATEGORY // 2
        chosen += [test_set.image_ids[number] for number in (*bad[:half], *bad[-1:], *good[: half - 1])]
    return chosen


def _heatmap(test_set: TestSet, image_id: str, scores: NDArray[np.float64], heat: NDArray[np.float32]) -> Figure:
    number = test_set.image_ids.index(image_id)
    figure, axes = plt.subplots(1, 3, figsize=(7.5, 2.9), layout="constrained")
    with Image.open(test_set.paths[image_id]) as image:
        shown = np.asarray(image.convert("RGB"))
    what = "anomalous" if test_set.labels[number] else "normal"
    figure.suptitle(f"{image_id}: {what}, score {scores[number]:.4g}")
    for plot, title in zip(axes, ("image", "anomaly map", "mask"), strict=True):
        _plain(plot, title)
    axes[0].imshow(shown)
    axes[1].imshow(heat, cmap="inferno")
    axes[2].imshow(test_set.mask(image_id), cmap="gray", vmin=0, vmax=1)
    return figure


def _plain(axes: Axes, title: str) -> None:
    axes.set_title(title)
    axes.set_xticks([])
    axes.set_yticks([])


def save(figure: Figure, path: Path) -> None:
    """Write `figure` as PNG, making folders as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
