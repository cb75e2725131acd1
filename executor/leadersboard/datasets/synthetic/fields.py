"""What the surfaces are drawn with: random fields, strokes, blobs and rectangles.

All of it works on batches, in float64: what differs in the last bits between processors is then gone once values are
rounded to eight bits, and the same seed gives the same bytes everywhere.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import gaussian_filter  # type: ignore[attr-defined]

SIDE = 128
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Y, X = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)
# A rim of this many pixels stays free of defects' centres, so that they lie in the picture.
_RIM = 14


class Batch(NamedTuple):
    """Images (n, SIDE, SIDE, 3), nominally 0 to 1, and where their defects are (n, SIDE, SIDE)."""

    images: Floats
    masks: Mask


def column(values: ArrayLike) -> Floats:
    """Return n values as (n, 1, 1), to go with a batch of planes."""
    return np.asarray(values, dtype=np.float64).reshape(-1, 1, 1)


def grain(rng: np.random.Generator, n: int, sigma: tuple[float, float]) -> Floats:
    """Return noise of unit variance (n, SIDE, SIDE), smoothed by `sigma` pixels down and across."""
    noise = gaussian_filter(rng.standard_normal((n, SIDE, SIDE)), (0, *sigma), mode="wrap")
    return np.asarray(noise / noise.std(), dtype=np.float64)


def drift(rng: np.random.Generator, n: int, cells: int = 4) -> Floats:
    """Return a smooth field of about unit variance (n, SIDE, SIDE) that changes over SIDE / `cells` pixels."""
    knots = np.linspace(0, SIDE - 1, cells + 1)
    weights = np.exp(-0.5 * ((np.arange(SIDE)[:, None] - knots) / (SIDE / cells * 0.6)) ** 2)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return np.asarray(weights @ rng.standard_normal((n, cells + 1, cells + 1)) @ weights.T)


def paint(images: Floats, amount: Floats, colour: Sequence[float]) -> Floats:
    """Return `images` with `colour` mixed in by `amount` (n, SIDE, SIDE), 0 to 1."""
    return np.asarray(images + amount[..., None] * (np.asarray(colour) - images))


def places(rng: np.random.Generator, n: int, rim: float = _RIM) -> tuple[Floats, Floats]:
    """Return random positions x and y, each (n, 1, 1), at least `rim` pixels from the border."""
    xy = rng.uniform(rim, SIDE - 1 - rim, (2, n))
    return column(xy[0]), column(xy[1])


def strokes(rng: np.random.Generator, lengths: Floats) -> Floats:
    """Return the distance, in pixels, of each pixel (n, SIDE, SIDE) from a slightly bent stroke of `lengths` (n,)."""
    n = len(lengths)
    x, y = places(rng, n, 24)
    angle = column(rng.uniform(0, np.pi, n))
    bend = column(rng.normal(0, 0.12, n) * lengths)
    nearest = np.full((n, SIDE, SIDE), np.inf)
    # A point each two pixels of the longest stroke is near enough for its distance to look continuous.
    for t in np.linspace(-0.5, 0.5, 45):
        along, aside = t * column(lengths), bend * (1 - 4 * t * t)
        px = x + along * np.cos(angle) - aside * np.sin(angle)
        py = y + along * np.sin(angle) + aside * np.cos(angle)
        np.minimum(nearest, (X - px) ** 2 + (Y - py) ** 2, out=nearest)
    return np.asarray(np.sqrt(nearest))


def blobs(rng: np.random.Generator, radii: Floats) -> Floats:
    """Return how much (0 to 1) each pixel (n, SIDE, SIDE) lies in a patch with a ragged, soft edge of `radii` (n,)."""
    n = len(radii)
    x, y = places(rng, n, 20)
    stretch = column(rng.uniform(0.7, 1.4, n))
    distance = np.sqrt(((X - x) * stretch) ** 2 + ((Y - y) / stretch) ** 2) / column(radii)
    ragged = distance + 0.12 * drift(rng, n, 10)
    return np.asarray(np.clip((1.0 - ragged) / 0.35 + 0.5, 0, 1))


def rectangles(x: Floats, y: Floats, width: Floats, height: Floats) -> Floats:
    """Return how much (0 to 1) of each pixel is covered; centres and sizes in pixels, each (n,) or a number."""
    across = np.clip(np.reshape(width, (-1, 1)) / 2 - np.abs(X[0] - np.reshape(x, (-1, 1))) + 0.5, 0, 1)
    down = np.clip(np.reshape(height, (-1, 1)) / 2 - np.abs(Y[:, 0] - np.reshape(y, (-1, 1))) + 0.5, 0, 1)
    return np.asarray(down[:, :, None] * across[:, None, :])
