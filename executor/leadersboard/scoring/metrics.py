"""The metrics of anomaly detection, computed by the classes that anomalib itself evaluates models with."""

import warnings
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from anomalib.metrics import AUPRO, AUROC, F1AdaptiveThreshold, F1Max
from numpy.typing import ArrayLike, NDArray
from torchmetrics.utilities.compute import auc

# Of the false positive rate, up to where overlap counts; what MVTec AD's own evaluation uses.
AUPRO_FPR_LIMIT = 0.3
_FIELDS = ("scores", "labels")


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve, in the order of rising x."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]


def ranks(values: ArrayLike) -> torch.Tensor:
    """Return each value's place among the distinct values, scaled to 0..1, in the shape of `values`, as float32.

    All metrics here depend on the order of scores alone. Without this, torchmetrics would take scores outside 0..1 for
    logits, and its sigmoid makes equal all that are above 17 or so.
    """
    array = np.asarray(values)
    _, place = np.unique(array, return_inverse=True)
    place = place.reshape(array.shape)
    return torch.from_numpy((place / max(int(place.max()), 1)).astype(np.float32))


def image_metrics(scores: ArrayLike, labels: ArrayLike) -> dict[str, float]:
    """Return image_auroc and image_f1_max of scores (n,) for labels (n,), of which both kinds are there."""
    ranked, truth = ranks(scores), torch.as_tensor(np.asarray(labels), dtype=torch.int64)
    return {
        "image_auroc": _value(AUROC(_FIELDS), ranked, truth),
        "image_f1_max": _value(F1Max(_FIELDS), ranked, truth),
    }


def best_threshold(scores: ArrayLike, labels: ArrayLike) -> float:
    """Return the score from which on an image is called anomalous where F1 is best, for labels of both kinds (n,)."""
    truth = torch.as_tensor(np.asarray(labels), dtype=torch.int64)
    place = _value(F1AdaptiveThreshold(_FIELDS), ranks(scores), truth)
    distinct = np.unique(np.asarray(scores))
    return float(distinct[round(place * (len(distinct) - 1))])


def pixel_metrics(maps: NDArray[np.float32], masks: NDArray[np.bool_]) -> tuple[dict[str, float], Curve]:
    """Return pixel_auroc, pixel_f1_max and aupro of maps (n, height, width) for masks, and the PRO curve."""
    ranked, truth = ranks(maps), torch.from_numpy(masks).to(torch.int64)
    aupro: Any = AUPRO(_FIELDS, fpr_limit=AUPRO_FPR_LIMIT)
    aupro.update(SimpleNamespace(scores=ranked, labels=truth))
    # The two steps of its compute(), so that the curve is there for a figure and not made a second time.
    fpr, pro = aupro.compute_pro(cca=aupro.perform_cca(), preds=ranked)
    values = {
        "pixel_auroc": _value(AUROC(_FIELDS), ranked, truth),
        "pixel_f1_max": _value(F1Max(_FIELDS), ranked, truth),
        "aupro": float(auc(fpr, pro, reorder=True) / fpr[-1]),
    }
    return values, Curve(fpr.double().numpy(), pro.double().numpy())


def _value(metric: Any, scores: torch.Tensor, labels: torch.Tensor) -> float:
    with warnings.catch_warnings():
        # torchmetrics warns that all scores are kept in memory: they are there already.
        warnings.simplefilter("ignore", UserWarning)
        metric.update(SimpleNamespace(scores=scores, labels=labels))
        return float(metric.compute())
