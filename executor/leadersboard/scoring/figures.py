"""Pictures of how good predictions are, readable without telling red from green."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve, roc_curve

from leadersboard.scoring.grading import Grades, Predictions
from leadersboard.scoring.maps import AnomalyMaps
from leadersboard.scoring.metrics import AUPRO_FPR_LIMIT
from leadersboard.scoring.reference import Reference, TestImage
from leadersboard.scoring.samples import candidates

# Okabe and Ito's palette, told apart with any colour vision; line styles for print.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_STYLES = ("-", "--", "-.", ":")
COLOURS_OF_MAPS = "viridis"
_RESOLUTION = 110
_MOST_POINTS = 1000
# Of those images of a category that may be shown.
_SHOWN_ANOMALOUS, _SHOWN_GOOD = 3, 1


def roc_figure(predictions: Predictions, reference: Reference, grades: Grades) -> Figure:
    """Return the ROC curve of each category."""

    def draw(axes: Axes) -> None:
        for number, (category, images) in enumerate(reference.by_category.items()):
            scores, labels = predictions.of(images)
            x, y, _ = roc_curve(labels, scores)
            low, high = grades.category_intervals[category]
            value = grades.by_category[category]["image_auroc"]
            axes.plot(x, y, label=f"{category}: {value:.3f} ({low:.3f} to {high:.3f})", **_line(number))
        axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle=":", label="chance: 0.5")

    return _curves("ROC: AUROC and its 95% interval", "False positive rate", "True positive rate", draw)


def pr_figure(predictions: Predictions, reference: Reference, grades: Grades) -> Figure:
    """Return the precision-recall curve of each category."""

    def draw(axes: Axes) -> None:
        for number, (category, images) in enumerate(reference.by_category.items()):
            scores, labels = predictions.of(images)
            precision, recall, _ = precision_recall_curve(labels, scores)
            value = grades.by_category[category]["image_f1_max"]
            axes.plot(recall, precision, label=f"{category}: best F1 {value:.3f}", **_line(number))

    return _curves("Precision and recall", "Recall", "Precision", draw)


def pro_figure(grades: Grades) -> Figure | None:
    """Return the per-region overlap curve of each category, None where there are no maps."""
    if not grades.pro_curves:
        return None

    def draw(axes: Axes) -> None:
        for number, (category, curve) in enumerate(grades.pro_curves.items()):
            kept = np.unique(np.linspace(0, len(curve.x) - 1, _MOST_POINTS).astype(int))
            value = grades.by_category[category]["aupro"]
            axes.plot(curve.x[kept], curve.y[kept], label=f"{category}: {value:.3f}", **_line(number))
        axes.set_xlim(0, AUPRO_FPR_LIMIT)

    return _curves("PRO: area up to the limit", "False positive rate of pixels", "Mean overlap of regions", draw)


def heat_maps(predictions: Predictions, reference: Reference) -> Iterable[tuple[str, Figure]]:
    """Yield image ids and figures of some images, what was worst in each category first. Nothing without maps."""
    if predictions.maps is None:
        return
    for category, images in reference.by_category.items():
        limits = shown_range(predictions.maps, images)
        places = _places(predictions, images)
        for image in _samples(images, places):
            title = f"{category} · {image.defect} · scored above {places[image.image_id]:.0%} of the good images"
            yield image.image_id, _heat_map(image, predictions.maps.read(image), limits, title)


def shown_range(maps: AnomalyMaps, images: Sequence[TestImage]) -> tuple[float, float]:
    """Return the values between which the colours of the maps of a category lie, the higher one above the lower."""
    values = np.stack([maps.read(image) for image in images])
    low, high = (float(value) for value in np.percentile(values, (1, 99.8)))
    return low, max(high, float(np.nextafter(np.float32(low), np.float32(np.inf))))


def save(figures: Iterable[tuple[str, Figure | None]], folder: Path) -> list[Path]:
    """Write the figures to PNG files of these names (without suffix) in `folder` and return their paths."""
    paths = []
    for name, figure in figures:
        if figure is not None:
            path = folder / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(path, dpi=_RESOLUTION)
            paths.append(path)
    return paths


def _line(number: int) -> dict[str, Any]:
    return {
        "color": _COLOURS[number % len(_COLOURS)],
        "linestyle": _STYLES[number % len(_STYLES)],
        "linewidth": 2,
    }


def _curves(title: str, x: str, y: str, draw: Callable[[Axes], None]) -> Figure:
    figure = Figure(figsize=(6.4, 4.6), layout="constrained")
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1.02))
    draw(axes)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", frameon=True, framealpha=0.9, fontsize=9)
    return figure


def _places(predictions: Predictions, images: Sequence[TestImage]) -> dict[str, float]:
    """Return, for each image, the part of the good images of its category that scored lower."""
    scores, labels = predictions.of(list(images))
    good = np.sort(scores[~labels])
    below = np.searchsorted(good, scores) / len(good)
    return {image.image_id: float(place) for image, place in zip(images, below, strict=True)}


def _samples(images: Sequence[TestImage], places: dict[str, float]) -> list[TestImage]:
    """Choose among the candidates: the two worst and the middle one with a defect, and the worst good one."""
    found = candidates(images)
    defective = sorted(found[True], key=lambda one: places[one.image_id])
    good = sorted(found[False], key=lambda one: -places[one.image_id])
    middle = defective[len(defective) // 2 :][:1] if len(defective) >= _SHOWN_ANOMALOUS else []
    return [*defective[: _SHOWN_ANOMALOUS - 1], *good[:_SHOWN_GOOD], *middle]


def _heat_map(image: TestImage, values: np.ndarray, limits: tuple[float, float], title: str) -> Figure:
    figure = Figure(figsize=(7.4, 2.9), layout="constrained")
    figure.suptitle(title, fontsize=10)
    left, middle, right = figure.subplots(1, 3)
    pixels = image.pixels()
    left.imshow(pixels)
    left.set_title(image.image_id, fontsize=9)
    middle.imshow(pixels)
    middle.set_title("marked defect" if image.is_anomalous else "no defect", fontsize=9)
    if image.is_anomalous:
        # White under black: seen on any ground.
        for colour, width in (("white", 2.4), ("black", 1.0)):
            middle.contour(image.mask(), levels=[0.5], colors=colour, linewidths=width)
    shown = right.imshow(values, cmap=COLOURS_OF_MAPS, vmin=limits[0], vmax=limits[1])
    right.set_title("anomaly map", fontsize=9)
    figure.colorbar(shown, ax=right, shrink=0.8)
    for axes in (left, middle, right):
        axes.set_axis_off()
    return figure
