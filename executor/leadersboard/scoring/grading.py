"""Grades checked predictions: each metric for each category, their means, and how sure the first of them is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from leadersboard.scoring.intervals import Labels, Scores, auroc_interval, mean_auroc_interval
from leadersboard.scoring.maps import AnomalyMaps, find_maps
from leadersboard.scoring.metrics import Curve, image_metrics, pixel_metrics
from leadersboard.scoring.predictions import read_scores
from leadersboard.scoring.reference import Reference, TestImage


@dataclass(frozen=True, slots=True)
class Predictions:
    """Checked predictions: a score for each test image by id, and maps where there are some."""

    scores: Mapping[str, float]
    maps: AnomalyMaps | None

    def of(self, images: list[TestImage]) -> tuple[Scores, Labels]:
        """Return scores and labels of `images`, each (n,)."""
        scores = np.array([self.scores[image.image_id] for image in images])
        return scores, np.array([image.is_anomalous for image in images])


@dataclass(frozen=True, slots=True)
class Grades:
    """Metrics by name: `metrics` is the mean over categories. Intervals are of image_auroc, low and high at 95%."""

    metrics: Mapping[str, float]
    by_category: Mapping[str, Mapping[str, float]]
    interval: tuple[float, float]
    category_intervals: Mapping[str, tuple[float, float]]
    pro_curves: Mapping[str, Curve]


def check(outputs: Path, reference: Reference) -> Predictions:
    """Return the predictions in the folder `outputs`.

    Raises:
        PredictionsRefused: it says what is wrong and what to do. Maps are looked into later, as they are graded.
    """
    return Predictions(read_scores(outputs, reference), find_maps(outputs, reference))


def grade(predictions: Predictions, reference: Reference, seed: int) -> Grades:
    """Return how good `predictions` are. `seed` draws the images of the intervals.

    Raises:
        PredictionsRefused: a map is not what it should be.
    """
    by_category: dict[str, dict[str, float]] = {}
    intervals: dict[str, tuple[float, float]] = {}
    curves: dict[str, Curve] = {}
    for category, images in reference.by_category.items():
        scores, labels = predictions.of(images)
        by_category[category] = image_metrics(scores, labels)
        intervals[category] = auroc_interval(scores, labels, seed)
        if predictions.maps is not None:
            maps = np.stack([predictions.maps.read(image) for image in images])
            masks = np.stack([image.mask() for image in images])
            values, curves[category] = pixel_metrics(maps, masks)
            by_category[category] |= values
    names = next(iter(by_category.values()))
    return Grades(
        metrics={name: float(np.mean([values[name] for values in by_category.values()])) for name in names},
        by_category=by_category,
        interval=mean_auroc_interval([predictions.of(images) for images in reference.by_category.values()], seed),
        category_intervals=intervals,
        pro_curves=curves,
    )
