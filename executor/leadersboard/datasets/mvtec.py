"""The layout of MVTec AD: CATEGORY/{train/good, test/good, test/DEFECT, ground_truth/DEFECT/STEM_mask.png}."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from leadersboard.datasets.errors import DatasetLayoutError, Problem
from leadersboard.datasets.prepared import is_name

GOOD = "good"
_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"})


@dataclass(frozen=True, slots=True)
class TestImage:
    """An image of the test part. `mask` is where its defect lies, None for an image without one."""

    __test__ = False  # pytest would take it for a test

    path: Path
    defect: str
    mask: Path | None
    size: tuple[int, int]

    @property
    def is_anomalous(self) -> bool:
        return self.mask is not None


@dataclass(frozen=True, slots=True)
class CategoryLayout:
    """The images of a category, each list sorted by path. Sizes are (width, height), in pixels."""

    name: str
    train: tuple[Path, ...]
    test: tuple[TestImage, ...]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        return sorted({image.size for image in self.test})


@dataclass(frozen=True, slots=True)
class Layout:
    """A folder that has the layout."""

    path: Path
    categories: tuple[CategoryLayout, ...]


def check_layout(path: Path) -> Layout:
    """Return what the folder `path` holds, once every image in it was found readable.

    Files beside the folders of the layout, such as a licence, are passed over.

    Raises:
        DatasetLayoutError: something is missing or in the wrong place; it says what and where, for all of it at once.
    """
    problems: list[Problem] = []
    found = tuple(_Check(folder, problems).category() for folder in _categories(path, problems))
    if problems:
        raise DatasetLayoutError(path, problems)
    return Layout(path, found)


def _categories(path: Path, problems: list[Problem]) -> list[Path]:
    if not path.is_dir():
        problems.append(Problem("there is no such folder", "フォルダーがありません"))
        return []
    if (path / "train").is_dir() and (path / "test").is_dir():
        problems.append(
            Problem(
                "it is one category ('train' and 'test' lie in it); give the folder that holds the categories",
                "これは1つのカテゴリー('train' と 'test' がある)です。カテゴリーを含む親フォルダーを指定してください",
            )
        )
        return []
    folders = _folders(path)
    if not folders:
        problems.append(Problem("it holds no folder of a category", "カテゴリーのフォルダーが1つもありません"))
    return folders


def _folders(path: Path) -> list[Path]:
    return sorted(child for child in path.iterdir() if child.is_dir() and not child.name.startswith("."))


def _images(path: Path) -> list[Path]:
    found = (child for child in path.iterdir() if child.suffix.lower() in _IMAGES and not child.name.startswith("."))
    return sorted(child for child in found if child.is_file())


class _Check:
    """Looks through the folder of one category and notes what is wrong, named from the data set's folder on."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self._folder = folder
        self._problems = problems

    def category(self) -> CategoryLayout:
        name = self._folder.name
        if not is_name(name):
            self._note(
                f"the category {name!r} must be named with letters, digits, '.', '-' and '_' only",
                f"カテゴリー名 {name!r} に使えるのは英数字、'.'、'-'、'_' だけです",
            )
        train = self._list("train", GOOD)
        for path in train:
            self._size(path)
        found = CategoryLayout(name, tuple(train), tuple(self._test()))
        sizes = [size for size in found.sizes if size != (0, 0)]
        if len(sizes) > 1:
            # Maps of a category are graded as one array.
            text = ", ".join(f"{width} x {height}" for width, height in sizes[:3])
            self._note(
                f"the test images of '{name}' differ in size ({text}); all of a category must have one",
                f"'{name}' のテスト画像の大きさが揃っていません({text})。カテゴリー内では同じ大きさにしてください",
            )
        return found

    def _test(self) -> Iterable[TestImage]:
        for path in self._list("test", GOOD):
            yield TestImage(path, GOOD, None, self._size(path))
        test = self._folder / "test"
        defects = [folder.name for folder in _folders(test) if folder.name != GOOD] if test.is_dir() else []
        if not defects:
            where = self._name(test)
            self._note(f"'{where}' has no folder of a defect", f"'{where}' に欠陥のフォルダーがありません")
        for defect in defects:
            yield from self._defect(defect)

    def _defect(self, defect: str) -> Iterable[TestImage]:
        images = self._list("test", defect)
        masks = {path.stem: path for path in self._list("ground_truth", defect)}
        for path in images:
            mask = masks.pop(f"{path.stem}_mask", None)
            size = self._size(path)
            if mask is None:
                wanted = f"{self._name(self._folder)}/ground_truth/{defect}/{path.stem}_mask.png"
                self._note(
                    f"'{self._name(path)}' has no mask '{wanted}'",
                    f"'{self._name(path)}' のマスク '{wanted}' がありません",
                )
                continue
            self._compare(path, size, mask)
            yield TestImage(path, defect, mask, size)
        for mask in masks.values():
            self._note(f"the mask '{self._name(mask)}' has no image", f"マスク '{self._name(mask)}' の画像がありません")

    def _compare(self, path: Path, size: tuple[int, int], mask: Path) -> None:
        of_mask = self._size(mask)
        if (0, 0) not in (size, of_mask) and size != of_mask:
            sizes = f"{of_mask[0]} x {of_mask[1]}", f"{size[0]} x {size[1]}"
            self._note(
                f"the mask '{self._name(mask)}' has {sizes[0]} pixels, but its image has {sizes[1]}",
                f"マスク '{self._name(mask)}' は {sizes[0]} 画素ですが、画像は {sizes[1]} 画素です",
            )

    def _list(self, *parts: str) -> list[Path]:
        """Return the images in a folder of the category, noting it when there are none."""
        folder = self._folder.joinpath(*parts)
        if not folder.is_dir():
            self._note(f"'{self._name(folder)}' is missing", f"'{self._name(folder)}' がありません")
            return []
        images = _images(folder)
        if not images:
            self._note(f"'{self._name(folder)}' holds no images", f"'{self._name(folder)}' に画像がありません")
        return images

    def _size(self, path: Path) -> tuple[int, int]:
        """Return width and height, (0, 0) for a file that is no whole image."""
        try:
            with Image.open(path) as image:
                size = image.size
                image.verify()
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            self._note(
                f"'{self._name(path)}' cannot be read as an image", f"'{self._name(path)}' を画像として読めません"
            )
            return 0, 0
        return size

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder.parent).as_posix()

    def _note(self, en: str, ja: str) -> None:
        self._problems.append(Problem(en, ja))
