"""Splits a data set into the part that participants see and the part that only scoring sees."""

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from leadersboard.datasets.digest import tree_digest
from leadersboard.datasets.mvtec import GOOD, Category, TestImage, check_layout

CURRENT = "current"
DESCRIPTION = "dataset.json"
# All files get one time: the order in which they were written must not tell what they hold.
_ONE_TIME = 1_600_000_000


@dataclass(frozen=True, slots=True)
class PreparedDataset:
    """A data set as it lies on this machine; `version` is the beginning of its digest."""

    name: str
    version: str
    folder: Path

    @property
    def public(self) -> Path:
        return self.folder / "public"

    @property
    def hidden(self) -> Path:
        return self.folder / "hidden"

    @property
    def description(self) -> dict[str, Any]:
        text = (self.folder / DESCRIPTION).read_text(encoding="utf-8")
        description: dict[str, Any] = json.loads(text)
        return description


def find(data_root: Path, name: str) -> PreparedDataset | None:
    """Return the data set `name` in its version in use, or None where it was not prepared."""
    current = data_root / name / CURRENT
    if not current.is_file():
        return None
    version = current.read_text(encoding="ascii").strip()
    folder = data_root / name / version
    return PreparedDataset(name, version, folder) if (folder / DESCRIPTION).is_file() else None


def prepare(full: Path, data_root: Path, name: str, seed: int = 0) -> PreparedDataset:
    """Prepare the MVTec-shaped folder `full` as data set `name`, and put it into use; whole, or not at all.

    Raises:
        DatasetLayoutError: the folder is not shaped so.
    """
    layout = check_layout(full)
    home = data_root / name
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".unfinished-") as unfinished:
        folder = Path(unfinished, "dataset")
        for category in layout.categories:
            _write_category(category, folder, np.random.default_rng([seed, len(category.test)]))
        _write_tables(folder)
        digest = tree_digest(folder)
        description = {
            "name": name,
            "version": digest[:12],
            "digest": digest,
            "seed": seed,
            "categories": {one.name: {"train": len(one.train), "test": len(one.test)} for one in layout.categories},
        }
        (folder / DESCRIPTION).write_text(json.dumps(description, indent=2), encoding="utf-8")
        _same_time(folder)
        target = home / digest[:12]
        if not target.exists():
            folder.rename(target)
    _put_into_use(home, digest[:12])
    return PreparedDataset(name, digest[:12], target)


def _write_category(category: Category, folder: Path, random: np.random.Generator) -> None:
    train = folder / "public" / category.name / "train" / GOOD
    test = folder / "public" / category.name / "test"
    masks = folder / "hidden" / "masks"
    for path in (train, test, masks):
        path.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(category.train):
        _copy_pixels(image, train / f"{number:03d}.png")
    labels: list[dict[str, object]] = []
    for number, place in enumerate(random.permutation(len(category.test))):
        shown: TestImage = category.test[place]
        image_id = f"{category.name}_{number:04d}"
        _copy_pixels(shown.path, test / f"{image_id}.png")
        if shown.mask is not None:
            _copy_pixels(shown.mask, masks / f"{image_id}.png")
        anomalous = int(shown.defect != GOOD)
        labels.append({"image_id": image_id, "category": category.name, "label": anomalous, "defect": shown.defect})
    _write_csv(folder / "hidden" / f".{category.name}.csv", labels)


def _copy_pixels(source: Path, target: Path) -> None:
    """Write the picture anew: names, times and comments in the file could tell what it shows."""
    with Image.open(source) as image:
        kept = image if image.mode in ("L", "RGB") else image.convert("RGB")
        Image.fromarray(np.asarray(kept)).save(target, format="PNG")


def _write_tables(folder: Path) -> None:
    parts = sorted((folder / "hidden").glob(".*.csv"))
    labels = [row for part in parts for row in _read_csv(part)]
    for part in parts:
        part.unlink()
    _write_csv(folder / "hidden" / "labels.csv", labels)
    tests = [
        {
            "image_id": row["image_id"],
            "category": row["category"],
            "path": f"{row['category']}/test/{row['image_id']}.png",
        }
        for row in labels
    ]
    _write_csv(folder / "public" / "test.csv", tests)


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _same_time(folder: Path) -> None:
    paths: Iterable[Path] = [folder, *folder.rglob("*")]
    for path in paths:
        os.utime(path, (_ONE_TIME, _ONE_TIME))


def _put_into_use(home: Path, version: str) -> None:
    unfinished = home / f".{CURRENT}.{os.getpid()}"
    unfinished.write_text(version, encoding="ascii")
    unfinished.replace(home / CURRENT)


def remove_unfinished(data_root: Path, name: str) -> None:
    """Remove what a preparation that was killed has left."""
    for path in (data_root / name).glob(".unfinished-*"):
        shutil.rmtree(path, ignore_errors=True)
