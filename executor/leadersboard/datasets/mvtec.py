"""The layout of MVTec AD (Bergmann et al., CVPR 2019), read and checked.

    CATEGORY/train/good/*.png
    CATEGORY/test/good/*.png
    CATEGORY/test/DEFECT/*.png
    CATEGORY/ground_truth/DEFECT/STEM_mask.png
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from leadersboard.domain.errors import Fault, LeadersBoardError

GOOD = "good"
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"})


class DatasetLayoutError(LeadersBoardError):
    """A folder is not shaped like MVTec AD."""

    code = "dataset_layout"
    fault = Fault.ORGANISER
    en = "The folder {path} is not shaped like MVTec AD: {problem}."
    ja = "フォルダー {path} は MVTec AD の形になっていません({problem})。"


@dataclass(frozen=True, slots=True)
class TestImage:
    """One test image; `defect` is `good` for a normal one, and only others have a mask."""

    path: Path
    defect: str
    mask: Path | None

    # pytest would take the name for that of a test.
    __test__ = False


@dataclass(frozen=True, slots=True)
class Category:
    """One category: its normal training images and its test images."""

    name: str
    train: tuple[Path, ...]
    test: tuple[TestImage, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole data set."""

    categories: tuple[Category, ...]


def check_layout(root: Path) -> Layout:
    """Return the data set below `root`.

    Raises:
        DatasetLayoutError: something is missing or does not fit; the sentence says what and where.
    """
    if not root.is_dir():
        raise DatasetLayoutError(path=root, problem="it is not there, or not a folder")
    names = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    categories = tuple(_category(path) for path in names if (path / "train").is_dir() or (path / "test").is_dir())
    if not categories:
        raise DatasetLayoutError(path=root, problem="no folder in it has 'train' and 'test'")
    return Layout(categories)


def _category(folder: Path) -> Category:
    train = _images(folder / "train" / GOOD)
    if not train:
        raise DatasetLayoutError(path=folder, problem="'train/good' holds no images")
    _images_or_complain(folder / "test" / GOOD)
    defects = [path for path in sorted((folder / "test").iterdir()) if path.is_dir() and path.name != GOOD]
    if not defects:
        raise DatasetLayoutError(path=folder, problem="'test' holds no folder of defects")
    test = [TestImage(path, GOOD, None) for path in _images(folder / "test" / GOOD)]
    for defect in defects:
        masks = folder / "ground_truth" / defect.name
        test += [TestImage(path, defect.name, _mask(path, masks)) for path in _images_or_complain(defect)]
    return Category(folder.name, tuple(train), tuple(test))


def _images(folder: Path) -> Sequence[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES)


def _images_or_complain(folder: Path) -> Sequence[Path]:
    images = _images(folder)
    if not images:
        raise DatasetLayoutError(path=folder, problem="it holds no images")
    return images


def _mask(image: Path, folder: Path) -> Path:
    for name in (f"{image.stem}_mask.png", f"{image.stem}.png"):
        path = folder / name
        if path.is_file():
            with Image.open(image) as shown, Image.open(path) as mask:
                if shown.size != mask.size:
                    raise DatasetLayoutError(path=path, problem=f"its size {mask.size} is not the image's {shown.size}")
            return path
    raise DatasetLayoutError(path=folder, problem=f"the mask '{image.stem}_mask.png' is missing")
