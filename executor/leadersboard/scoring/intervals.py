"""How far a score would move with other test images."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu  # type: ignore[attr-defined]

REPLICATES = 2000
_LOW, _HIGH = 2.5, 97.5
Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]


def auroc_replicates(scores: Scores, labels: Labels, rng: np.random.Generator) -> Scores:
    """Return the AUROC (REPLICATES,) of resampled images, as many normal and anomalous ones each time as there are.

    The statistic of the Mann-Whitney test, over the number of pairs, is the AUROC: Hanley and McNeil, 1982.
    """
    anomalous, normal = (_resampled(scores[chosen], rng) for chosen in (labels, ~labels))
    pairs = anomalous.shape[1] * normal.shape[1]
    return np.asarray(mannwhitneyu(anomalous, normal, axis=1, method="asymptotic").statistic / pairs)


def mean_auroc_interval(categories: Sequence[tuple[Scores, Labels]], seed: int) -> tuple[float, float]:
    """Return the 95% bootstrap interval of the mean image AUROC over `categories`, resampled within each."""
    rng = np.random.default_rng(seed)
    return _interval(np.mean([auroc_replicates(scores, labels, rng) for scores, labels in categories], axis=0))


def auroc_interval(scores: Scores, labels: Labels, seed: int) -> tuple[float, float]:
    """Return the 95% bootstrap interval of one AUROC."""
    return _interval(auroc_replicates(scores, labels, np.random.default_rng(seed)))


def _resampled(values: Scores, rng: np.random.Generator) -> Scores:
    return values[rng.integers(0, len(values), (REPLICATES, len(values)))]


def _interval(replicates: Scores) -> tuple[float, float]:
    low, high = np.percentile(replicates, (_LOW, _HIGH))
    return float(low), float(high)
