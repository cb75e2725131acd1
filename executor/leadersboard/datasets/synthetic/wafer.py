"""A ground wafer: the same texture everywhere, so that statistics of colour and texture find what disturbs it."""

import numpy as np

from leadersboard.datasets.synthetic.fields import (
    SIDE,
    Batch,
    Floats,
    X,
    Y,
    blobs,
    column,
    drift,
    grain,
    places,
    strokes,
)

_SILICON = (0.47, 0.50, 0.55)
# Interference in a film whose thickness drifts: red against blue.
_FILM = np.array([1.0, 0.1, -0.9])


def good(rng: np.random.Generator, n: int) -> Floats:
    """Return `n` images without a defect."""
    light = 0.030 * drift(rng, n, 3) + 0.030 * column(rng.standard_normal(n))
    marks = 0.030 * grain(rng, n, (0.7, 6.0)) + 0.016 * grain(rng, n, (0.5, 0.5))
    film = 0.016 * drift(rng, n, 5)
    return np.asarray(_SILICON + (light + marks)[..., None] + film[..., None] * _FILM)


def scratch(rng: np.random.Generator, severity: Floats) -> Batch:
    """A bent line, brighter or darker than the surface."""
    n = len(severity)
    distance = strokes(rng, 24 + 50 * severity)
    width = column(0.6 + 0.6 * severity)
    depth = column(np.where(rng.random(n) < 0.5, -1, 1) * (0.03 + 0.27 * severity**1.5))
    profile = np.exp(-0.5 * (distance / width) ** 2)
    return Batch(good(rng, n) + (depth * profile)[..., None], distance <= 2.0 * width)


def stain(rng: np.random.Generator, severity: Floats) -> Batch:
    """A dried drop: a change of hue with a soft edge."""
    inside = blobs(rng, 7 + 12 * rng.random(len(severity)))
    hue = np.array([0.35, -0.35, -1.0])
    strength = column(0.015 + 0.12 * severity**1.5)
    return Batch(good(rng, len(severity)) + (strength * inside)[..., None] * hue, inside > 0.5)


def pit(rng: np.random.Generator, severity: Floats) -> Batch:
    """A few small holes in the surface, close to each other."""
    n = len(severity)
    x, y = places(rng, n)
    depth = np.zeros((n, SIDE, SIDE))
    for _ in range(4):
        dx, dy = rng.normal(0, 4.5, (2, n, 1, 1))
        radius = column(rng.uniform(0.7, 1.1, n) + 0.7 * severity)
        depth = np.maximum(depth, np.exp(-0.5 * ((X - x - dx) ** 2 + (Y - y - dy) ** 2) / radius**2))
    strength = column(0.04 + 0.30 * severity**1.5)
    return Batch(good(rng, n) - (strength * depth)[..., None], depth > 0.3)


DEFECTS = {"scratch": scratch, "stain": stain, "pit": pit}
