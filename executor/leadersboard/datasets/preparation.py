"""Splits a data set into what submissions may see and what only scoring may, under names that tell nothing."""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from leadersboard.datasets.digest import folder_digest
from leadersboard.datasets.errors import DatasetNameInvalid
from leadersboard.datasets.mvtec import CategoryLayout, Layout, TestImage, check_layout
from leadersboard.datasets.pixels import mask_only, pixels_only
from leadersboard.datasets.prepared import CURRENT, DESCRIPTION, HIDDEN, PUBLIC, PreparedDataset, is_name, read

Progress = Callable[[int, int], None]
_VERSION_DIGITS = 16
# Every file and folder is dated 2000-01-01: times would tell in which order images were made.
_DATE = 946684800


def prepare(full: Path, data_root: Path, name: str, seed: int = 0, progress: Progress | None = None) -> PreparedDataset:
    """Make the MVTec-shaped folder `full` the data set `name` below `data_root`, and the version in use.

    `seed` shuffles the test images; whoever knows it and has `full` knows the labels. Preparing the same images with
    the same seed again changes nothing. `progress` is told how many of how many images are copied.

    Raises:
        DatasetNameInvalid
        DatasetLayoutError: `full` does not have the layout; nothing has changed.
    """
    if not is_name(name):
        raise DatasetNameInvalid(name=name[:100])
    layout = check_layout(full)
    parent = data_root / name
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".unfinished-") as unfinished:
        folder = Path(unfinished) / "dataset"
        _Split(folder, layout, seed, progress or (lambda done, total: None)).write()
        digest = folder_digest(folder)
        _describe(folder, layout, name, digest, seed)
        version = digest[:_VERSION_DIGITS]
        if not (parent / version).exists():
            folder.rename(parent / version)
        _use(parent, version, Path(unfinished))
    prepared = read(parent / version)
    assert prepared is not None  # noqa: S101 - it was written just now
    return prepared


def _use(parent: Path, version: str, unfinished: Path) -> None:
    new = unfinished / CURRENT
    new.write_text(f"{version}\n", encoding="ascii")
    new.replace(parent / CURRENT)


def _describe(folder: Path, layout: Layout, name: str, digest: str, seed: int) -> None:
    about = {
        "name": name,
        "version": digest[:_VERSION_DIGITS],
        "digest": digest,
        "counts": {category.name: _counts(category) for category in layout.categories},
        "image_sizes": {category.name: category.sizes for category in layout.categories},
        "seed": seed,
        "source": layout.path.name,
    }
    (folder / DESCRIPTION).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def _counts(category: CategoryLayout) -> dict[str, int]:
    anomalous = sum(image.is_anomalous for image in category.test)
    return {"train": len(category.train), "test_good": len(category.test) - anomalous, "test_anomalous": anomalous}


class _Split:
    """Writes the public and the hidden part of a data set to an empty folder."""

    def __init__(self, folder: Path, layout: Layout, seed: int, progress: Progress) -> None:
        self._layout = layout
        self._seed = seed
        self._public = folder / PUBLIC
        self._hidden = folder / HIDDEN
        self._progress = progress
        self._done = 0
        self._total = sum(len(category.train) + len(category.test) for category in layout.categories)

    def write(self) -> None:
        masks = self._hidden / "masks"
        masks.mkdir(parents=True)
        shown: list[Sequence[str]] = []
        kept: list[Sequence[str]] = []
        for number, category in enumerate(self._layout.categories):
            self._write_train(category)
            (self._public / category.name / "test").mkdir()
            # Written in the order of the new names, so that not even the order on the disk tells a label.
            for image_id, image in self._named(category, number):
                path = f"{category.name}/test/{image_id}.png"
                self._copy(image.path, self._public / path)
                if image.mask is not None:
                    (masks / f"{image_id}.png").write_bytes(mask_only(image.mask))
                shown.append((image_id, category.name, path))
                kept.append((image_id, category.name, str(int(image.is_anomalous)), image.defect))
        _write_table(self._public / "test.csv", ("image_id", "category", "path"), shown)
        _write_table(self._hidden / "labels.csv", ("image_id", "category", "label", "defect"), kept)
        _settle(self._public, 0o755, 0o644)
        _settle(self._hidden, 0o700, 0o600)
        self._public.parent.chmod(0o755)

    def _write_train(self, category: CategoryLayout) -> None:
        folder = self._public / category.name / "train" / "good"
        folder.mkdir(parents=True)
        for number, path in enumerate(category.train):
            self._copy(path, folder / f"{number:03}.png")

    def _named(self, category: CategoryLayout, number: int) -> Iterable[tuple[str, TestImage]]:
        order = np.random.default_rng([self._seed, number]).permutation(len(category.test))
        for place, index in enumerate(order):
            yield f"{category.name}_{place:04}", category.test[index]

    def _copy(self, source: Path, target: Path) -> None:
        target.write_bytes(pixels_only(source))
        self._done += 1
        self._progress(self._done, self._total)


def _write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _settle(folder: Path, dir_mode: int, file_mode: int) -> None:
    """Give all that is in `folder`, and itself, the same date and rights, whatever the umask was."""
    for path in [*folder.rglob("*"), folder]:
        path.chmod(dir_mode if path.is_dir() else file_mode)
        os.utime(path, (_DATE, _DATE))
