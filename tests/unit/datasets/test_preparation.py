"""What submissions may see of a data set, and what not."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from scipy.stats import spearmanr

from leadersboard.datasets import (
    DatasetLayoutError,
    DatasetNameInvalid,
    PreparedDataset,
    check_layout,
    find,
    generate,
    prepare,
)


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_test_image_is_public_and_its_label_hidden(small_full: Path, small_prepared: PreparedDataset) -> None:
    shown, kept = _table(small_prepared.public / "test.csv"), _table(small_prepared.hidden / "labels.csv")
    assert list(shown[0]) == ["image_id", "category", "path"]
    assert list(kept[0]) == ["image_id", "category", "label", "defect"]
    assert [row["image_id"] for row in shown] == [row["image_id"] for row in kept]
    given = sorted(path.read_bytes() for path in small_full.glob("*/test/*/*.png"))
    assert sorted((small_prepared.public / row["path"]).read_bytes() for row in shown) == given


def test_masks_belong_to_the_anomalous_images(small_prepared: PreparedDataset) -> None:
    kept = _table(small_prepared.hidden / "labels.csv")
    anomalous = {row["image_id"] for row in kept if row["label"] == "1"}
    assert {path.stem for path in (small_prepared.hidden / "masks").iterdir()} == anomalous
    assert all((row["defect"] == "good") == (row["label"] == "0") for row in kept)


def test_labels_and_masks_follow_their_images(small_full: Path, small_prepared: PreparedDataset) -> None:
    origin = {path.read_bytes(): path for path in small_full.glob("*/test/*/*.png")}
    for row in _table(small_prepared.hidden / "labels.csv"):
        image = small_prepared.public / row["category"] / "test" / f"{row['image_id']}.png"
        source = origin[image.read_bytes()]
        assert source.parent.name == row["defect"]
        if row["label"] == "1":
            mask = small_full / row["category"] / "ground_truth" / row["defect"] / f"{source.stem}_mask.png"
            given = np.asarray(Image.open(small_prepared.hidden / "masks" / f"{row['image_id']}.png"))
            assert (given == np.asarray(Image.open(mask))).all()


def test_nothing_of_the_labels_is_public(small_prepared: PreparedDataset) -> None:
    names = {path.name for path in small_prepared.public.rglob("*")}
    assert not names & {"labels.csv", "masks", "ground_truth", "dataset.json", "scratch", "stain", "missing"}


def test_neither_the_number_of_an_image_nor_its_time_tells_its_label(tmp_path: Path) -> None:
    full = tmp_path / "full"
    generate(full, 1)
    prepared = prepare(full, tmp_path / "data", "full", 2)
    for category in prepared.categories:
        rows = [row for row in _table(prepared.hidden / "labels.csv") if row["category"] == category]
        numbers = [int(row["image_id"].rsplit("_", 1)[1]) for row in rows]
        assert sorted(numbers) == list(range(260))
        # Of 260 images in random order, fewer than one shuffling in a thousand goes beyond.
        assert abs(spearmanr(numbers, [int(row["label"]) for row in rows]).statistic) < 0.24
    assert len({path.stat().st_mtime_ns for path in prepared.public.rglob("*")}) == 1


def test_other_seeds_shuffle_otherwise(small_full: Path, tmp_path: Path) -> None:
    one, two = (prepare(small_full, tmp_path, "small", seed) for seed in (1, 2))
    assert one.version != two.version
    assert _table(one.hidden / "labels.csv") != _table(two.hidden / "labels.csv")


def test_what_a_png_says_beside_its_pixels_is_taken_out(small_full: Path, tmp_path: Path) -> None:
    full = Path(shutil.copytree(small_full, tmp_path / "full"))
    for path in full.glob("*/test/scratch/*.png"):
        note = PngImagePlugin.PngInfo()
        note.add_text("defect", "scratch")
        Image.open(path).save(path, pnginfo=note, dpi=(300, 300))
    prepared = prepare(full, tmp_path / "data", "small", 1)
    for path in prepared.public.glob("*/test/*.png"):
        with Image.open(path) as image:
            assert image.info == {}


def test_images_of_other_formats_become_png(small_full: Path, tmp_path: Path) -> None:
    full = Path(shutil.copytree(small_full, tmp_path / "full"))
    for path in full.glob("die/train/good/*.png"):
        Image.open(path).save(path.with_suffix(".jpg"))
        path.unlink()
    prepared = prepare(full, tmp_path / "data", "small", 1)
    for path in (prepared.public / "die/train/good").iterdir():
        with Image.open(path) as image:
            assert image.format == "PNG"


def test_preparing_again_changes_nothing(small_full: Path, tmp_path: Path) -> None:
    first = prepare(small_full, tmp_path, "small", 1)
    before = {path: path.stat().st_ino for path in first.folder.rglob("*")}
    assert prepare(small_full, tmp_path, "small", 1) == first
    assert {path: path.stat().st_ino for path in first.folder.rglob("*")} == before
    assert sorted(path.name for path in (tmp_path / "small").iterdir()) == sorted([first.version, "current"])


def test_a_new_version_is_the_one_in_use_and_the_old_one_stays(small_full: Path, tmp_path: Path) -> None:
    old = prepare(small_full, tmp_path, "small", 1)
    new = prepare(small_full, tmp_path, "small", 2)
    assert find(tmp_path, "small") == new
    assert old.public.is_dir()


def test_a_prepared_data_set_is_found(small_prepared: PreparedDataset) -> None:
    assert find(small_prepared.folder.parents[1], "small") == small_prepared
    assert small_prepared.digest.startswith(small_prepared.version)
    assert small_prepared.counts["die"] == {"train": 3, "test_good": 6, "test_anomalous": 6}


def test_what_was_never_prepared_is_not_found(tmp_path: Path) -> None:
    assert find(tmp_path, "nothing") is None


def test_a_version_that_is_gone_is_not_found(small_full: Path, tmp_path: Path) -> None:
    shutil.rmtree(prepare(small_full, tmp_path, "small", 1).folder)
    assert find(tmp_path, "small") is None


def test_a_version_in_use_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "current").write_text("../../elsewhere")
    assert find(tmp_path, "small") is None


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "a" * 65, "a\0b", "ä"])
def test_a_name_that_is_no_folder_name_is_refused(small_full: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(DatasetNameInvalid):
        prepare(small_full, tmp_path, name, 1)
    with pytest.raises(DatasetNameInvalid):
        find(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_the_layout_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(DatasetLayoutError):
        prepare(tmp_path / "nowhere", tmp_path / "data", "small", 1)
    assert not (tmp_path / "data").exists()


def test_what_breaks_off_leaves_the_version_in_use(small_full: Path, tmp_path: Path) -> None:
    def break_off(done: int, total: int) -> None:
        if done == total // 2:
            raise OSError(28, "No space left on device")

    before = prepare(small_full, tmp_path, "small", 1)
    with pytest.raises(OSError, match="No space left"):
        prepare(small_full, tmp_path, "small", 2, progress=break_off)
    assert find(tmp_path, "small") == before
    assert sorted(path.name for path in (tmp_path / "small").iterdir()) == sorted([before.version, "current"])


def test_all_users_may_read_what_is_public_and_none_what_is_hidden(small_prepared: PreparedDataset) -> None:
    for path in small_prepared.public.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)
    for path in small_prepared.hidden.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)


def test_the_layout_is_still_that_of_the_source(small_full: Path, small_prepared: PreparedDataset) -> None:
    assert [one.name for one in check_layout(small_full).categories] == list(small_prepared.categories)
