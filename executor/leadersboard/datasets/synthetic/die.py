"""A die with pads in fixed places. One that is gone, shifted or added looks like any other: only its place is wrong."""

import numpy as np

from leadersboard.datasets.synthetic.fields import SIDE, Batch, Floats, Mask, column, drift, grain, paint, rectangles

_PASSIVATION = (0.17, 0.28, 0.31)
_TRACE = (0.40, 0.44, 0.42)
_PAD = (0.74, 0.64, 0.40)
# x, y, width, height, in pixels. Neither evenly spaced nor symmetric, as on a real die.
_PADS = np.array(
    [
        (12, 14, 10, 10), (34, 14, 10, 10), (52, 14, 10, 10), (84, 14, 10, 10), (112, 14, 10, 10),
        (12, 36, 10, 10), (12, 66, 10, 10), (12, 84, 10, 10), (12, 114, 10, 10),
        (115, 40, 7, 7), (115, 58, 7, 7), (115, 74, 7, 7), (36, 115, 7, 7), (50, 115, 7, 7), (68, 115, 7, 7),
        (40, 40, 6, 6), (62, 44, 4, 4), (88, 38, 4, 4), (38, 70, 4, 4), (64, 66, 6, 6), (44, 92, 4, 4),
        (82, 58, 4, 4), (30, 100, 4, 4), (98, 78, 4, 4), (66, 94, 4, 4), (28, 54, 4, 4), (72, 30, 4, 4),
    ],
    dtype=np.float64,
)  # fmt: skip
_TRACES = np.array(
    [
        (23, 14, 30, 3), (34, 27, 3, 30), (98, 14, 30, 3), (12, 50, 3, 40), (12, 99, 3, 30), (62, 55, 3, 24),
        (51, 66, 30, 3), (100, 58, 34, 3), (43, 115, 18, 3), (88, 26, 3, 26), (41, 81, 3, 24),
    ],
    dtype=np.float64,
)  # fmt: skip
# Each die carries its number as dots of the pads' metal, so that the amount of metal says nothing.
_NUMBER_X, _NUMBER_Y = np.meshgrid(84 + 7 * np.arange(5), 88 + 7 * np.arange(5))
_FAR = -1000.0


def _pads(rng: np.random.Generator, n: int) -> Floats:
    """Return the pads (n, pads, 4) of `n` dies, as the process varies them."""
    pads = np.repeat(_PADS[None], n, axis=0)
    pads[..., 2:] += rng.normal(0, 0.3, (n, len(_PADS), 1))
    return pads


def _cover(shapes: Floats) -> Floats:
    """Return how much of each pixel (n, SIDE, SIDE) the shapes (n, k, 4) cover."""
    covered = np.zeros((len(shapes), SIDE, SIDE))
    for k in range(shapes.shape[1]):
        np.maximum(covered, rectangles(*shapes[:, k].T), out=covered)
    return covered


def _shifted(shapes: Floats, shift: Floats) -> Floats:
    moved = np.array(shapes)
    moved[..., :2] += shift
    return moved


def _number(rng: np.random.Generator, n: int) -> Floats:
    dots = np.stack([_NUMBER_X.ravel(), _NUMBER_Y.ravel(), *np.full((2, _NUMBER_X.size), 4.0)], axis=-1)
    dots = np.repeat(dots[None], n, axis=0)
    dots[..., 0] = np.where(rng.random(dots.shape[:2]) < 0.5, dots[..., 0], _FAR)
    return dots


def _picture(rng: np.random.Generator, pads: Floats) -> tuple[Floats, Floats]:
    """Return images of dies with these pads, and how far (n, 1, 2), in pixels, each was off the camera's centre."""
    n = len(pads)
    shift = rng.normal(0, 0.6, (n, 1, 2))
    traces = _cover(_shifted(np.repeat(_TRACES[None], n, axis=0), shift))
    metal = _cover(_shifted(np.concatenate([pads, _number(rng, n)], axis=1), shift))
    images = paint(paint(np.broadcast_to(_PASSIVATION, (n, SIDE, SIDE, 3)), traces, _TRACE), metal, _PAD)
    light = 1 + 0.05 * drift(rng, n, 3) + 0.05 * column(rng.standard_normal(n))
    noise = 0.028 * grain(rng, n, (0.7, 0.7))
    return np.asarray(images * light[..., None] + noise[..., None]), shift


def _where(pads: Floats, shift: Floats) -> Mask:
    return np.asarray(_cover(_shifted(pads, shift)) > 0.5)


def good(rng: np.random.Generator, n: int) -> Floats:
    """Return `n` images without a defect."""
    return _picture(rng, _pads(rng, n))[0]


def missing(rng: np.random.Generator, severity: Floats) -> Batch:
    """A pad is not there; the more severe, the larger it would have been."""
    n = len(severity)
    pads = _pads(rng, n)
    by_size = np.argsort(_PADS[:, 2] * _PADS[:, 3] + rng.random(len(_PADS)))
    gone = by_size[(severity * len(_PADS)).astype(int)]
    one = pads[np.arange(n), gone][:, None]
    pads[np.arange(n), gone, 0] = _FAR
    images, shift = _picture(rng, pads)
    return Batch(images, _where(one, shift))


def displaced(rng: np.random.Generator, severity: Floats) -> Batch:
    """A pad is some pixels off its place."""
    n = len(severity)
    pads = _pads(rng, n)
    chosen = rng.integers(0, len(_PADS), n)
    before = pads[np.arange(n), chosen][:, None]
    angle = rng.uniform(0, 2 * np.pi, n)
    pads[np.arange(n), chosen, :2] += (1.0 + 7.0 * severity)[:, None] * np.stack(
        [np.cos(angle), np.sin(angle)], axis=-1
    )
    after = pads[np.arange(n), chosen][:, None]
    images, shift = _picture(rng, pads)
    return Batch(images, _where(before, shift) | _where(after, shift))


def extra(rng: np.random.Generator, severity: Floats) -> Batch:
    """A pad is where none belongs; the more severe, the larger."""
    n = len(severity)
    everything = np.concatenate([_PADS, _TRACES, [(98, 102, 36, 36)]])
    everything[:, 2:] += 14
    free = np.argwhere(_cover(everything[None])[0, 14:-14, 14:-14] < 0.5) + 14
    y, x = free[rng.integers(0, len(free), n)].T
    side = 2.5 + 5.5 * severity
    one = np.stack([x, y, side, side], axis=-1)[:, None]
    images, shift = _picture(rng, np.concatenate([_pads(rng, n), one], axis=1))
    return Batch(images, _where(one, shift))


DEFECTS = {"missing": missing, "displaced": displaced, "extra": extra}
