"""Figures of several samples, and of two things that were measured in turns."""

import math
import statistics
from collections.abc import Sequence
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of `values` that at least `share` (0 to 1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def summary(values: Sequence[float]) -> dict[str, float]:
    """Return the median and the range of `values`, in their own unit."""
    return {"median": statistics.median(values), "low": min(values), "high": max(values), "samples": len(values)}


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """Return the summary of ours / theirs over rounds that were taken side by side."""
    return summary([one / other for one, other in zip(ours, theirs, strict=True)])


def compared(ours: Sequence[float], theirs: Sequence[float], name: str) -> dict[str, Any]:
    """Return both summaries and that of their ratios; `name` is what `theirs` are samples of."""
    return {"platform": summary(ours), name: summary(theirs), "ratio": ratios(ours, theirs)}
