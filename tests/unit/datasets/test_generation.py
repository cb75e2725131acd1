"""The synthetic data set."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from leadersboard.datasets import Counts, DatasetFolderTaken, check_layout, generate
from leadersboard.datasets.digest import folder_digest

SMALL = Counts(train=2, test_good=3, test_anomalous=4)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    generate(tmp_path / "one", 11, SMALL)
    generate(tmp_path / "two", 11, SMALL)
    assert folder_digest(tmp_path / "one") == folder_digest(tmp_path / "two")


def test_another_seed_gives_other_images(tmp_path: Path) -> None:
    generate(tmp_path / "one", 11, SMALL)
    generate(tmp_path / "two", 12, SMALL)
    assert folder_digest(tmp_path / "one") != folder_digest(tmp_path / "two")


def test_it_has_the_layout_of_mvtec_ad(small_full: Path) -> None:
    layout = check_layout(small_full)
    assert [category.name for category in layout.categories] == ["die", "interconnect", "wafer"]
    for category in layout.categories:
        assert len(category.train) == 3
        assert sum(image.is_anomalous for image in category.test) == 6
        assert len({image.defect for image in category.test}) == 4
        assert category.sizes == [(128, 128)]


def test_every_defect_is_marked_and_few_pixels_large(small_full: Path) -> None:
    for category in check_layout(small_full).categories:
        for image in category.test:
            if image.mask is not None:
                mask = np.asarray(Image.open(image.mask))
                assert set(np.unique(mask)) == {0, 255}, image.mask
                assert (mask > 0).mean() < 0.2


def test_no_two_images_are_equal(small_full: Path) -> None:
    images = [path.read_bytes() for path in small_full.glob("*/t*/*/*.png")]
    assert len(set(images)) == len(images)


def test_a_defect_of_more_severity_differs_more_from_the_surface() -> None:
    from leadersboard.datasets.synthetic import wafer

    severity = np.array([0.1, 0.9])
    for defect in wafer.DEFECTS.values():
        batch = defect(np.random.default_rng(1), severity)
        inside = [
            abs(image[mask].mean(axis=0) - image[~mask].mean(axis=0)).sum()
            for image, mask in zip(batch.images, batch.masks, strict=True)
        ]
        assert inside[1] > inside[0]


def test_progress_ends_with_all_images(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    generate(tmp_path / "full", 1, SMALL, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (27, 27)
    assert [done for done, _ in seen] == list(range(1, 28))


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DatasetFolderTaken, match="not empty"):
        generate(tmp_path, 1, SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def break_off(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path / "full", 1, SMALL, progress=break_off)
    assert list(tmp_path.iterdir()) == []
