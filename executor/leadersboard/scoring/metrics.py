"""The metrics of anomaly detection, computed by anomalib's own classes, and how sure one can be of them.

A metric of a benchmark is the mean over its categories. AU-PRO is that of Bergmann et al. (IJCV 2021), integrated up
to a false-positive rate of 0.3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from anomalib.metrics import AUPRO, AUROC, F1Max
from numpy.typing import NDArray
from scipy.stats import rankdata

from leadersboard.scoring.predictions import TestSet

_RESAMPLES = 2000
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Scores:
    """Metrics by name, the same by category, and 95 % bounds of those that have them."""

    metrics: Mapping[str, float]
    by_category: Mapping[str, Mapping[str, float]]
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def score(
    test_set: TestSet, scores: NDArray[np.float64], maps: Mapping[str, NDArray[np.float32]] | None, seed: int
) -> Scores:
    """Return the metrics of `scores`, one number an image, and of `maps` where there are any."""
    by_category: dict[str, dict[str, float]] = {}
    for category in dict.fromkeys(test_set.categories):
        chosen = np.array([one == category for one in test_set.categories])
        values = image_metrics(test_set.labels[chosen], scores[chosen])
        if maps is not None:
            ids = [image_id for image_id, here in zip(test_set.image_ids, chosen, strict=True) if here]
            values |= pixel_metrics([test_set.mask(one) for one in ids], [maps[one] for one in ids])
        by_category[category] = values
    names = next(iter(by_category.values()))
    return Scores(
        metrics={name: float(np.mean([values[name] for values in by_category.values()])) for name in names},
        by_category=by_category,
        intervals={"image_auroc": bootstrap_interval(test_set, scores, seed)},
    )


def image_metrics(labels: NDArray[np.int64], scores: NDArray[np.float64]) -> dict[str, float]:
    """Return `image_auroc` and `image_f1_max` of scores of shape (N,) against labels of 0 and 1."""
    predicted, target = _ranks(scores), torch.from_numpy(labels)
    return {
        "image_auroc": _compute(AUROC(["prediction", "target"]), predicted, target),
        "image_f1_max": _compute(F1Max(["prediction", "target"]), predicted, target),
    }


def pixel_metrics(masks: Sequence[NDArray[np.bool_]], maps: Sequence[NDArray[np.float32]]) -> dict[str, float]:
    """Return `pixel_auroc`, `pixel_f1_max` and `aupro` of maps against masks, each of shape (H, W) and of one size."""
    predicted = _scaled(np.stack(maps))
    target = torch.from_numpy(np.stack(masks)).int()
    return {
        "pixel_auroc": _compute(
            AUROC(["prediction", "target"]), predicted.flatten(), target.flatten()
        ),
        "pixel_f1_max": _compute(F1Max(["prediction", "target"]), predicted.flatten(), target.flatten()),
        "aupro": _compute(AUPRO(["prediction", "target"]), predicted, target),
    }


def _compute(metric: Any, predicted: torch.Tensor, target: torch.Tensor) -> float:
    metric.update(SimpleNamespace(prediction=predicted, target=target))
    return float(metric.compute())


def _ranks(scores: NDArray[np.float64]) -> torch.Tensor:
    """Return the ranks of `scores` in 0..1: the metrics go by order alone, and float32 would tie what is close."""
    return torch.from_numpy(rankdata(scores) / (len(scores) + 1)).float()


def _scaled(maps: NDArray[np.float32]) -> torch.Tensor:
    """Return `maps` scaled to 0..1 as a whole: torchmetrics would squash other values by a sigmoid, and tie them."""
    low, high = float(maps.min()), float(maps.max())
    return torch.from_numpy((maps - low) / max(high - low, float(np.finfo(np.float32).tiny))).float()


def bootstrap_interval(test_set: TestSet, scores: NDArray[np.float64], seed: int) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean image AUROC over categories.

    Images are drawn anew within each category and label (percentile method, Efron 1979). AUROC is computed as the
    Mann-Whitney statistic over all pairs, which gives all resamples in one product.
    """
    random = np.random.default_rng(seed)
    means = np.zeros(_RESAMPLES)
    categories = list(dict.fromkeys(test_set.categories))
    for category in categories:
        chosen = np.array([one == category for one in test_set.categories])
        good, bad = scores[chosen & (test_set.labels == 0)], scores[chosen & (test_set.labels == 1)]
        wins = (bad[:, None] > good[None, :]) + 0.5 * (bad[:, None] == good[None, :])
        draws_bad = random.multinomial(len(bad), np.full(len(bad), 1 / len(bad)), _RESAMPLES) / len(bad)
        draws_good = random.multinomial(len(good), np.full(len(good), 1 / len(good)), _RESAMPLES) / len(good)
        means += np.einsum("rb,bg,rg->r", draws_bad, wins, draws_good, optimize=True) / len(categories)
    tail = (1 - _LEVEL) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)
