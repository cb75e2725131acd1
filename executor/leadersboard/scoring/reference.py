"""What predictions are compared with: the test images and their hidden labels."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True, slots=True)
class TestImage:
    """A test image, its label, and where its defect is marked."""

    __test__ = False  # pytest would take it for a test

    image_id: str
    category: str
    is_anomalous: bool
    defect: str
    path: Path
    mask_path: Path

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, in pixels."""
        with Image.open(self.path) as image:
            return image.height, image.width

    def mask(self) -> NDArray[np.bool_]:
        """Return where the image is anomalous (height, width)."""
        if not self.is_anomalous:
            return np.zeros(self.size, dtype=np.bool_)
        with Image.open(self.mask_path) as mask:
            return np.asarray(mask) > 0

    def pixels(self) -> NDArray[np.uint8]:
        """Return the image itself (height, width, 3)."""
        with Image.open(self.path) as image:
            return np.asarray(image.convert("RGB"))


@dataclass(frozen=True)
class Reference:
    """All test images of a data set, in the order of its tables."""

    images: Sequence[TestImage]

    @cached_property
    def by_category(self) -> dict[str, list[TestImage]]:
        """The images of each category, categories in alphabetical order."""
        grouped: dict[str, list[TestImage]] = {}
        for image in self.images:
            grouped.setdefault(image.category, []).append(image)
        return dict(sorted(grouped.items()))

    @cached_property
    def by_id(self) -> dict[str, TestImage]:
        return {image.image_id: image for image in self.images}


def read_reference(public: Path, hidden: Path) -> Reference:
    """Return the test images of a prepared data set."""
    paths = {row["image_id"]: public / row["path"] for row in _rows(public / "test.csv")}
    images = []
    for row in _rows(hidden / "labels.csv"):
        image_id = row["image_id"]
        mask = hidden / "masks" / f"{image_id}.png"
        anomalous = row["label"] == "1"
        images.append(TestImage(image_id, row["category"], anomalous, row["defect"], paths[image_id], mask))
    return Reference(images)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
