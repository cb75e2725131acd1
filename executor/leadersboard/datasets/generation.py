"""The synthetic data set of the demonstration benchmark, in the layout of MVTec AD."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from leadersboard.datasets.errors import DatasetFolderTaken
from leadersboard.datasets.synthetic import die, interconnect, wafer
from leadersboard.datasets.synthetic.fields import Batch, Floats

Progress = Callable[[int, int], None]
# Level 1 is three times as fast as the default, and noise hardly gets smaller with more.
_COMPRESSION = 1


class Category(NamedTuple):
    """How normal images of a category are made, and those with each of its defects by severity (n,), 0 to 1."""

    good: Callable[[np.random.Generator, int], Floats]
    defects: Mapping[str, Callable[[np.random.Generator, Floats], Batch]]


CATEGORIES = {
    "die": Category(die.good, die.DEFECTS),
    "interconnect": Category(interconnect.good, interconnect.DEFECTS),
    "wafer": Category(wafer.good, wafer.DEFECTS),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Images in each category. `test_anomalous` are shared out among its defects as evenly as can be."""

    train: int = 80
    test_good: int = 130
    test_anomalous: int = 130


def generate(root: Path, seed: int, counts: Counts | None = None, progress: Progress | None = None) -> None:
    """Write the data set to the folder `root`, which is made, whole or not at all.

    Images are 128 x 128 RGB PNG, masks 128 x 128 greyscale PNG of 0 and 255. The same `seed` and `counts` give the same
    bytes. `progress` is told how many of how many images are written.

    Raises:
        DatasetFolderTaken: `root` is there already, and not empty.
    """
    if root.exists() and any(root.iterdir()):
        raise DatasetFolderTaken(path=root)
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent, prefix=f".{root.name}-") as unfinished:
        folder = Path(unfinished) / root.name
        _Writer(folder, seed, counts or Counts(), progress or (lambda done, total: None)).write()
        if root.exists():
            root.rmdir()
        shutil.move(folder, root)


class _Writer:
    """Writes one part of the data set after the other, each with random numbers of its own."""

    def __init__(self, folder: Path, seed: int, counts: Counts, progress: Progress) -> None:
        self._folder = folder
        self._seed = seed
        self._counts = counts
        self._progress = progress
        self._done = 0
        self._total = len(CATEGORIES) * (counts.train + counts.test_good + counts.test_anomalous)

    def write(self) -> None:
        for number, (name, category) in enumerate(CATEGORIES.items()):
            folder = self._folder / name
            self._save(folder / "train" / "good", category.good(self._random(number, 0), self._counts.train))
            self._save(folder / "test" / "good", category.good(self._random(number, 1), self._counts.test_good))
            for part, (defect, n) in enumerate(self._shares(category).items(), start=2):
                # From hardly visible to plain, in equal steps.
                severity = (np.arange(n) + 0.5) / n
                batch = category.defects[defect](self._random(number, part), severity)
                self._save(folder / "test" / defect, batch.images)
                self._save_masks(folder / "ground_truth" / defect, batch.masks)

    def _random(self, *part: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, *part])

    def _shares(self, category: Category) -> dict[str, int]:
        parts = np.array_split(np.arange(self._counts.test_anomalous), len(category.defects))
        return {defect: len(part) for defect, part in zip(category.defects, parts, strict=True)}

    def _save(self, folder: Path, images: Floats) -> None:
        folder.mkdir(parents=True)
        for number, pixels in enumerate(np.round(np.clip(images, 0, 1) * 255).astype(np.uint8)):
            _write_png(folder / f"{number:03}.png", pixels)
            self._done += 1
            self._progress(self._done, self._total)

    def _save_masks(self, folder: Path, masks: NDArray[np.bool_]) -> None:
        folder.mkdir(parents=True)
        for number, mask in enumerate(masks):
            _write_png(folder / f"{number:03}_mask.png", mask.astype(np.uint8) * 255)


def _write_png(path: Path, pixels: NDArray[np.uint8]) -> None:
    Image.fromarray(pixels).save(path, compress_level=_COMPRESSION)
