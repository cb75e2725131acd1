"""Parallel conductors, never quite in the same place: their structure matters, position helps, and so does colour."""

from typing import NamedTuple

import numpy as np

from leadersboard.datasets.synthetic.fields import SIDE, Batch, Floats, X, Y, blobs, column, drift, grain, paint

_OXIDE = (0.22, 0.26, 0.36)
_COPPER = (0.70, 0.50, 0.36)
_PERIOD = 11.0


class _Lines(NamedTuple):
    """Coordinates (n, SIDE, SIDE): `across` in periods, a conductor at each whole number; `along` in pixels."""

    across: Floats
    along: Floats


def _lines(rng: np.random.Generator, n: int) -> _Lines:
    angle = column(rng.normal(0, 0.005, n))
    phase = column(rng.normal(0, 0.035, n))
    rough = 0.3 * grain(rng, n, (2.5, 2.5)) + 0.25 * drift(rng, n, 4)
    x, y = X - SIDE / 2, Y - SIDE / 2
    across = (x * np.cos(angle) + y * np.sin(angle) + rough) / _PERIOD + phase
    return _Lines(across, y * np.cos(angle) - x * np.sin(angle))


def _copper(lines: _Lines) -> Floats:
    """Return how much of each pixel is conductor."""
    from_centre = np.abs(lines.across - np.round(lines.across)) * _PERIOD
    return np.asarray(np.clip(_PERIOD * 0.25 - from_centre + 0.5, 0, 1))


def _picture(rng: np.random.Generator, copper: Floats) -> Floats:
    n = len(copper)
    images = paint(np.broadcast_to(_OXIDE, (n, SIDE, SIDE, 3)), copper, _COPPER)
    light = 1 + 0.03 * drift(rng, n, 3) + 0.025 * column(rng.standard_normal(n))
    noise = 0.032 * grain(rng, n, (0.6, 0.6))
    tarnish = 0.024 * drift(rng, n, 6)
    return np.asarray(images * light[..., None] + noise[..., None] + tarnish[..., None] * np.array([0.9, 0.2, -0.8]))


def _spots(rng: np.random.Generator, lines: _Lines, offset: float) -> tuple[Floats, Floats]:
    """Return the distance, in pixels, along and across, from a random place `offset` periods beside a conductor."""
    n = len(lines.across)
    chosen = column(rng.integers(-4, 5, n) + offset) + np.round(lines.across[:, SIDE // 2, SIDE // 2].reshape(-1, 1, 1))
    at = column(rng.uniform(-45, 45, n))
    return np.abs(lines.along - at), np.abs(lines.across - chosen) * _PERIOD


def good(rng: np.random.Generator, n: int) -> Floats:
    """Return `n` images without a defect."""
    return _picture(rng, _copper(_lines(rng, n)))


def gap(rng: np.random.Generator, severity: Floats) -> Batch:
    """A conductor is thin, or broken, over a few pixels."""
    lines = _lines(rng, len(severity))
    along, across = _spots(rng, lines, 0.0)
    here = np.clip(column(0.8 + 3.2 * severity) - along + 0.5, 0, 1) * (across <= _PERIOD / 2)
    missing = column(0.08 + 0.82 * severity) * here
    copper = _copper(lines)
    return Batch(_picture(rng, copper * (1 - missing)), (here > 0.5) & (copper > 0.5))


def bridge(rng: np.random.Generator, severity: Floats) -> Batch:
    """Metal between two conductors."""
    lines = _lines(rng, len(severity))
    along, across = _spots(rng, lines, 0.5)
    here = np.clip(column(0.7 + 2.8 * severity) - along + 0.5, 0, 1) * (across <= _PERIOD / 2)
    added = column(0.08 + 0.82 * severity) * here
    copper = _copper(lines)
    return Batch(_picture(rng, np.maximum(copper, added)), (here > 0.5) & (copper < 0.5))


def stain(rng: np.random.Generator, severity: Floats) -> Batch:
    """Residue: a change of hue with a soft edge, over conductors and gaps alike."""
    inside = blobs(rng, 6 + 9 * rng.random(len(severity)))
    images = _picture(rng, _copper(_lines(rng, len(severity))))
    strength = column(0.005 + 0.03 * severity)
    return Batch(images + (strength * inside)[..., None] * np.array([-0.5, 0.6, 0.3]), inside > 0.5)


DEFECTS = {"gap": gap, "bridge": bridge, "stain": stain}
