"""A synthetic data set shaped like MVTec AD, in which methods rank differently for a reason.

Three surfaces of a semiconductor line, 128 x 128 RGB:

- `substrate`: a random texture. What is wrong is wrong wherever it lies, so that statistics of colour and texture
  find it; positions tell nothing.
- `die`: pads on a grid, at the same place in each image. Something is wrong when a pad stands elsewhere: each patch
  looks normal in itself, only a method that knows positions can tell.
- `trace`: conductors with gaps, bridges and stains: a little of both.

The severity of defects is graded from hardly visible to plain, so that no method finds all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

SIZE = 128
Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Counts:
    """Images a category: normal ones to train on, and normal and anomalous ones to test on."""

    train: int = 80
    good: int = 100
    anomalous: int = 102


def generate(root: Path, seed: int = 7, counts: Counts | None = None) -> None:
    """Write the data set below `root`; the same seed and counts give the same bytes."""
    counts = counts or Counts()
    for number, (name, surface) in enumerate(SURFACES.items()):
        random = np.random.default_rng([seed, number])
        folder = root / name
        _write_normal(folder / "train" / "good", surface, counts.train, random)
        _write_normal(folder / "test" / "good", surface, counts.good, random)
        _write_anomalous(folder, surface, counts.anomalous, random)


@dataclass(frozen=True, slots=True)
class Surface:
    """How a category is drawn: a normal image, and what each of its defects does to one.

    Images are float32 of shape (SIZE, SIZE, 3) in 0..1. A defect takes an image and a severity in 0..1 and returns
    the image with the defect and the mask, of shape (SIZE, SIZE), of what it changed.
    """

    draw: Callable[[Random], Array]
    defects: Mapping[str, Callable[[Array, float, Random], tuple[Array, Mask]]]


def _write_normal(folder: Path, surface: Surface, count: int, random: Random) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        _save(surface.draw(random), folder / f"{number:03d}.png")


def _write_anomalous(folder: Path, surface: Surface, count: int, random: Random) -> None:
    each = count // len(surface.defects)
    for defect, damage in surface.defects.items():
        images, masks = folder / "test" / defect, folder / "ground_truth" / defect
        images.mkdir(parents=True)
        masks.mkdir(parents=True)
        for number in range(each):
            severity = (number + 0.5) / each
            image, mask = damage(surface.draw(random), severity, random)
            _save(image, images / f"{number:03d}.png")
            Image.fromarray(mask.astype(np.uint8) * 255).save(masks / f"{number:03d}_mask.png")


def _save(image: Array, path: Path) -> None:
    Image.fromarray((np.clip(image, 0, 1) * 255).round().astype(np.uint8)).save(path)


# Normal surfaces -----------------------------------------------------------------------------------------------

_ROWS, _COLUMNS = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)


def _noise(random: Random, sigma: float, strength: float) -> Array:
    noise = gaussian_filter(random.standard_normal((SIZE, SIZE)), sigma)
    return (noise / noise.std() * strength).astype(np.float32)


def _coloured(grey: Array, tint: tuple[float, float, float]) -> Array:
    return grey[..., None] * np.asarray(tint, dtype=np.float32)


def _draw_substrate(random: Random) -> Array:
    grain = _noise(random, 0.8, 0.045) + _noise(random, 3.0, 0.03)
    light = 0.5 + random.normal(0, 0.015)
    return _coloured(light + grain, (0.86, 0.95, 1.05))


_PADS = [(row, column) for row in range(20, SIZE - 8, 22) for column in range(20, SIZE - 8, 22)]
_PAD_HALF = 5
_PAD_LIGHT = 0.32


def _draw_die(random: Random) -> Array:
    grey = 0.36 + random.normal(0, 0.02) + _noise(random, 1.0, 0.03)
    for row, column in _PADS:
        grey += _pad(row + random.normal(0, 0.5), column + random.normal(0, 0.5), random)
    return _coloured(grey, (0.8, 1.05, 0.9))


def _pad(row: float, column: float, random: Random) -> Array:
    """Return a pad's light: soft at its edges, and of a size and brightness that vary from pad to pad."""
    half = _PAD_HALF + random.normal(0, 0.5)
    distance = np.maximum(np.abs(_ROWS - row), np.abs(_COLUMNS - column)) - half
    return (_PAD_LIGHT + random.normal(0, 0.03)) / (1 + np.exp(np.clip(distance * 2.5, -20, 20)))


_TRACES = [(12 + 13 * number, 3.0) for number in range(9)]
_TRACE_LIGHT = 0.34


def _draw_trace(random: Random) -> Array:
    grey = 0.3 + random.normal(0, 0.02) + _noise(random, 1.0, 0.035)
    shift = random.normal(0, 1.5)
    for column, half in _TRACES:
        wave = _noise(random, 12.0, 0.6)[:, :1]
        distance = np.abs(_COLUMNS - column - shift - wave) - half
        grey = grey + (_TRACE_LIGHT + random.normal(0, 0.02)) / (1 + np.exp(np.clip(distance * 2.5, -20, 20)))
    return _coloured(grey, (1.1, 0.92, 0.72))


# Defects -------------------------------------------------------------------------------------------------------


def _anywhere(random: Random, margin: int = 18) -> tuple[float, float]:
    row, column = random.uniform(margin, SIZE - margin, 2)
    return float(row), float(column)


def _scratch(image: Array, severity: float, random: Random) -> tuple[Array, Mask]:
    """Draw a fine line across the surface, brighter or darker."""
    row, column = _anywhere(random)
    angle = random.uniform(0, np.pi)
    along = (_ROWS - row) * np.sin(angle) + (_COLUMNS - column) * np.cos(angle)
    across = (_ROWS - row) * np.cos(angle) - (_COLUMNS - column) * np.sin(angle) + 0.004 * along**2
    mask = (np.abs(across) < 0.8 + 0.7 * severity) & (np.abs(along) < 12 + 30 * severity)
    strength = (0.03 + 0.2 * severity) * random.choice([-1.0, 1.0])
    return image + np.float32(strength) * mask[..., None], mask


def _stain(image: Array, severity: float, random: Random) -> tuple[Array, Mask]:
    """Discolour a soft blot."""
    row, column = _anywhere(random)
    radius = 6 + 8 * severity
    stretch = random.uniform(0.7, 1.4)
    distance = np.hypot((_ROWS - row) * stretch, (_COLUMNS - column) / stretch) + 3 * _noise(random, 4.0, 1.0)
    blot = np.exp(-np.clip(distance / radius, 0, None) ** 2).astype(np.float32)
    colour = np.asarray([0.6, 0.15, -0.75], dtype=np.float32) * (0.03 + 0.2 * severity)
    return image + blot[..., None] * colour, blot > 0.35


def _pit(image: Array, severity: float, random: Random) -> tuple[Array, Mask]:
    """Roughen a patch: a structure that the surface does not have."""
    row, column = _anywhere(random)
    radius = 5 + 7 * severity
    mask = np.hypot(_ROWS - row, _COLUMNS - column) + 2 * _noise(random, 2.0, 1.0) < radius
    rough = _noise(random, 0.5, 0.03 + 0.16 * severity)
    return image + (rough * mask)[..., None], mask


def _region(row: float, column: float, half: float) -> Mask:
    return (np.abs(_ROWS - row) <= half) & (np.abs(_COLUMNS - column) <= half)


def _redraw(image: Array, region: Mask, row: float, column: float, random: Random) -> Array:
    """Cover `region` with bare ground and put a pad at (row, column)."""
    ground = 0.36 + _noise(random, 1.0, 0.03) + (np.median(image[..., 1]) / 1.05 - 0.36)
    bare = _coloured(ground, (0.8, 1.05, 0.9))
    pad = _coloured(_pad(row, column, random), (0.8, 1.05, 0.9))
    return np.where(region[..., None], bare, image) + pad


def _displaced(image: Array, severity: float, random: Random) -> tuple[Array, Mask]:
    """Move a pad away from its place."""
    row, column = _PADS[random.integers(len(_PADS))]
    angle = random.uniform(0, 2 * np.pi)
    way = 1.5 + 5.0 * severity
    to_row, to_column = row + way * np.sin(angle), column + way * np.cos(angle)
    region = _region(row, column, _PAD_HALF + 4)
    half = _PAD_HALF + 1
    mask = _region(row, column, half) ^ _region(to_row, to_column, half)
    return _redraw(image, region, to_row, to_column, random), mask


def _misplaced(image: Array, severity: float, random: Random) -> tuple[Array, Mask]:
    """Take a pad from its place and put it between others: as many pads, of the same light, as ever."""
    row, column = _PADS[random.integers(len(_PADS))]
    between_row, between_column = _PADS[random.integers(len(_PADS))]
    to_row, to_column = between_row - 11.0, between_column - 11.0
    faint = np.float32(0.25 + 0.75 * severity)
    changed = _redraw(image, _region(row, column, _PAD_HALF + 4), to_row, to_column, random)
    mask = _region(row, column, _PAD_HALF + 1) | _region(to_row, to_column, _PAD_HALF + 1)
    return image + faint * (changed - image), mask


def _open(image: Array, severity: float, random: Random) -> tuple[Array, Mask]:
    """Interrupt a conductor."""
    row, _ = _anywhere(random)
    column, half = _TRACES[random.integers(len(_TRACES))]
    mask = (np.abs(_ROWS - row) < 1.5 + 4 * severity) & (np.abs(_COLUMNS - column) < half + 3)
    ground = _coloured(0.3 + _noise(random, 1.0, 0.035), (1.1, 0.92, 0.72))
    depth = np.float32(0.2 + 0.8 * severity)
    return np.where(mask[..., None], image + depth * (ground - image), image), mask


def _short(image: Array, severity: float, random: Random) -> tuple[Array, Mask]:
    """Bridge two conductors."""
    row, _ = _anywhere(random)
    column, half = _TRACES[random.integers(len(_TRACES) - 1)]
    mask = (np.abs(_ROWS - row) < 1.0 + 2.5 * severity) & (np.abs(_COLUMNS - column - 6.5) < 6.5 - half + 2)
    copper = _coloured(0.3 + _TRACE_LIGHT + _noise(random, 1.0, 0.035), (1.1, 0.92, 0.72))
    depth = np.float32(0.15 + 0.85 * severity)
    return np.where(mask[..., None], image + depth * (copper - image), image), mask


SURFACES: Mapping[str, Surface] = {
    "substrate": Surface(_draw_substrate, {"scratch": _scratch, "stain": _stain, "pit": _pit}),
    "die": Surface(_draw_die, {"displaced": _displaced, "misplaced": _misplaced}),
    "trace": Surface(_draw_trace, {"open": _open, "short": _short, "stain": _stain}),
}
