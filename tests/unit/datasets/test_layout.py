"""What the check of a folder says about it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from leadersboard.datasets import DatasetLayoutError, check_layout


@pytest.fixture
def folder(small_full: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_full, tmp_path / "full"))


def _resize(path: Path) -> None:
    Image.open(path).resize((64, 32)).save(path)


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no training images": (lambda at: shutil.rmtree(at / "die/train"), "'die/train/good' is missing"),
    "no good test images": (lambda at: shutil.rmtree(at / "die/test/good"), "'die/test/good' is missing"),
    "an empty folder": (
        lambda at: [path.unlink() for path in (at / "die/train/good").iterdir()],
        "'die/train/good' holds no images",
    ),
    "no defects": (
        lambda at: [shutil.rmtree(at / "wafer/test" / name) for name in ("pit", "scratch", "stain")],
        "'wafer/test' has no folder of a defect",
    ),
    "no masks of a defect": (
        lambda at: shutil.rmtree(at / "wafer/ground_truth/pit"),
        "'wafer/ground_truth/pit' is missing",
    ),
    "a mask is missing": (
        lambda at: (at / "wafer/ground_truth/pit/000_mask.png").unlink(),
        "'wafer/test/pit/000.png' has no mask 'wafer/ground_truth/pit/000_mask.png'",
    ),
    "a mask too many": (
        lambda at: (at / "wafer/test/pit/000.png").unlink(),
        "the mask 'wafer/ground_truth/pit/000_mask.png' has no image",
    ),
    "a mask of another size": (
        lambda at: _resize(at / "wafer/ground_truth/pit/000_mask.png"),
        "the mask 'wafer/ground_truth/pit/000_mask.png' has 64 x 32 pixels, but its image has 128 x 128",
    ),
    "an image of another size": (
        lambda at: _resize(at / "die/test/good/000.png"),
        "the test images of 'die' differ in size (64 x 32, 128 x 128)",
    ),
    "a file that is no image": (
        lambda at: (at / "die/train/good/000.png").write_bytes(b"no image"),
        "'die/train/good/000.png' cannot be read as an image",
    ),
    "half an image": (
        lambda at: (at / "die/test/good/000.png").write_bytes((at / "die/test/good/000.png").read_bytes()[:900]),
        "'die/test/good/000.png' cannot be read as an image",
    ),
    "a name that is none": (
        lambda at: (at / "die").rename(at / "die 1"),
        "the category 'die 1' must be named with letters",
    ),
}


@pytest.mark.parametrize(("spoil", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_wrong_is_said_with_its_place(folder: Path, spoil: Callable[[Path], object], sentence: str) -> None:
    spoil(folder)
    with pytest.raises(DatasetLayoutError) as error:
        check_layout(folder)
    assert sentence in error.value.sentence("en")
    assert str(folder) in error.value.sentence("ja")


def test_all_problems_are_said_at_once(folder: Path) -> None:
    shutil.rmtree(folder / "die" / "train")
    shutil.rmtree(folder / "wafer" / "train")
    with pytest.raises(DatasetLayoutError) as error:
        check_layout(folder)
    assert [problem.en for problem in error.value.problems] == [
        "'die/train/good' is missing",
        "'wafer/train/good' is missing",
    ]


def test_very_many_problems_are_cut_short(folder: Path) -> None:
    for path in folder.glob("*/test/good/*.png"):
        path.write_bytes(b"")
    with pytest.raises(DatasetLayoutError, match="and 8 more"):
        check_layout(folder)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetLayoutError, match="there is no such folder"):
        check_layout(tmp_path / "nowhere")


def test_a_single_category_is_recognised(folder: Path) -> None:
    with pytest.raises(DatasetLayoutError, match="give the folder that holds the categories"):
        check_layout(folder / "die")


def test_an_empty_folder_has_no_category(tmp_path: Path) -> None:
    with pytest.raises(DatasetLayoutError, match="holds no folder of a category"):
        check_layout(tmp_path)


def test_files_beside_the_layout_are_passed_over(folder: Path) -> None:
    (folder / "license.txt").write_text("CC")
    (folder / "die" / "readme.txt").write_text("hello")
    (folder / "die" / "test" / "good" / "Thumbs.db").write_bytes(b"x")
    assert len(check_layout(folder).categories) == 3
