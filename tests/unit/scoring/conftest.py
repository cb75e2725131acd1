"""A test set of a few small images, and the folder of a submission."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from leadersboard.scoring.reference import Reference, read_reference

SIZE = (6, 8)


def write_predictions(outputs: Path, scores: Mapping[str, object]) -> None:
    with (outputs / "predictions.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("image_id", "anomaly_score"), *scores.items()])


def write_maps(outputs: Path, reference: Reference) -> Path:
    """Write a good map for each image, as .npy, and return their folder."""
    folder = outputs / "anomaly_maps"
    folder.mkdir()
    for image in reference.images:
        np.save(folder / f"{image.image_id}.npy", image.mask().astype(np.float32) + 0.5)
    return folder


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A prepared data set: categories 'a' and 'b', each of four 8 x 6 images, the last two anomalous."""
    folder = tmp_path / "dataset"
    (folder / "hidden" / "masks").mkdir(parents=True)
    shown, kept = ["image_id,category,path"], ["image_id,category,label,defect"]
    for category in "ab":
        (folder / "public" / category / "test").mkdir(parents=True)
        for number in range(4):
            image_id = f"{category}_{number:04}"
            path = f"{category}/test/{image_id}.png"
            Image.new("RGB", SIZE[::-1], (40 * number, 0, 0)).save(folder / "public" / path)
            shown.append(f"{image_id},{category},{path}")
            kept.append(f"{image_id},{category},{int(number > 1)},{'hole' if number > 1 else 'good'}")
            if number > 1:
                mask = np.zeros(SIZE, dtype=np.uint8)
                mask[1:3, number : number + 3] = 255
                Image.fromarray(mask).save(folder / "hidden" / "masks" / f"{image_id}.png")
    (folder / "public" / "test.csv").write_text("\n".join(shown) + "\n")
    (folder / "hidden" / "labels.csv").write_text("\n".join(kept) + "\n")
    return folder


@pytest.fixture
def reference(dataset: Path) -> Reference:
    return read_reference(dataset / "public", dataset / "hidden")


@pytest.fixture
def scores(reference: Reference) -> dict[str, float]:
    """A score for each image, higher for the anomalous ones."""
    return {image.image_id: number + 10.0 * image.is_anomalous for number, image in enumerate(reference.images)}


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    folder = tmp_path / "outputs"
    folder.mkdir()
    return folder
