"""Reads what a submission left, trusting nothing, and says exactly what is wrong with it."""

import csv
import io
import math
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

PREDICTIONS = "predictions.csv"
MAPS = "anomaly_maps"
_COLUMNS = ("image_id", "anomaly_score")
_MAX_TABLE_BYTES = 64 * 1024**2
# What the header of an array or picture may add to its numbers.
_HEADER_BYTES = 64 * 1024
_SHOWN = 3


class InvalidPredictions(Exception):
    """The predictions cannot be scored; the sentences are for the participant, in English and Japanese."""

    def __init__(self, sentence: str, sentence_ja: str) -> None:
        self.sentence, self.sentence_ja = sentence, sentence_ja
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class TestSet:
    """The test images of a benchmark: their ids in order, their categories, labels (0 or 1), and sizes (H, W)."""

    image_ids: tuple[str, ...]
    categories: tuple[str, ...]
    labels: NDArray[np.int64]
    paths: Mapping[str, Path]
    masks: Mapping[str, Path]

    # pytest would take the name for that of a test.
    __test__ = False

    def size(self, image_id: str) -> tuple[int, int]:
        with Image.open(self.paths[image_id]) as image:
            return image.height, image.width

    def mask(self, image_id: str) -> NDArray[np.bool_]:
        """Return the mask of shape (H, W); all false for a normal image."""
        path = self.masks.get(image_id)
        if path is None:
            return np.zeros(self.size(image_id), dtype=bool)
        with Image.open(path) as mask:
            return np.asarray(mask.convert("L")) > 0


def read_test_set(public: Path, hidden: Path) -> TestSet:
    """Return the test set of a prepared data set."""
    labels = {row["image_id"]: row for row in _rows((hidden / "labels.csv").read_text(encoding="utf-8"))}
    tests = _rows((public / "test.csv").read_text(encoding="utf-8"))
    ids = tuple(row["image_id"] for row in tests)
    return TestSet(
        image_ids=ids,
        categories=tuple(row["category"] for row in tests),
        labels=np.array([int(labels[image_id]["label"]) for image_id in ids]),
        paths={row["image_id"]: public / row["path"] for row in tests},
        masks={path.stem: path for path in (hidden / "masks").iterdir()},
    )


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def read_scores(outputs: Path, test_set: TestSet) -> NDArray[np.float64]:
    """Return the anomaly score of each test image, in the order of the test set.

    Raises:
        InvalidPredictions: `predictions.csv` does not hold one finite number for each test image.
    """
    path = outputs / PREDICTIONS
    if not _is_regular(path):
        raise InvalidPredictions(
            f"There is no {PREDICTIONS} in the output folder. Write one with the columns image_id and anomaly_score "
            "to output_dir.",
            f"出力フォルダーに {PREDICTIONS} がありません。image_id と anomaly_score の列で output_dir に書いてください。",
        )
    scores: dict[str, float] = {}
    for line, row in enumerate(_table(path), start=2):
        image_id = row["image_id"]
        if image_id in scores:
            raise _wrong(
                f"the image {image_id[:80]!r} is there twice (line {line})",
                f"{image_id[:80]!r} が2回あります({line} 行目)",
            )
        scores[image_id] = _finite(row["anomaly_score"], line)
    _compare_ids(set(scores), set(test_set.image_ids))
    return np.array([scores[image_id] for image_id in test_set.image_ids])


def _table(path: Path) -> list[dict[str, str]]:
    if path.stat().st_size > _MAX_TABLE_BYTES:
        raise _wrong("it is larger than 64 MiB", "64 MiB を超えています")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text), strict=True)
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        missing = [name for name in _COLUMNS if name not in columns]
        if missing:
            raise _wrong(
                f"the column {missing[0]!r} is missing; the first line must be {','.join(_COLUMNS)}",
                f"列 {missing[0]!r} がありません。1行目は {','.join(_COLUMNS)} にしてください",
            )
        return [{name: row[name] or "" for name in _COLUMNS} for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise _wrong("it is not a CSV table in UTF-8", "UTF-8 の CSV ではありません") from None


def _finite(text: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _wrong(
            f"the score in line {line} is {text[:40]!r}, which is not a finite number",
            f"{line} 行目のスコア {text[:40]!r} が有限の数ではありません",
        )
    return value


def _compare_ids(given: set[str], wanted: set[str]) -> None:
    missing, unknown = sorted(wanted - given), sorted(given - wanted)
    if missing:
        raise _wrong(
            f"{len(missing)} of {len(wanted)} test images have no score: {_some(missing)}",
            f"{len(wanted)} 枚中 {len(missing)} 枚にスコアがありません: {_some(missing)}",
        )
    if unknown:
        raise _wrong(
            f"{len(unknown)} images are not in the test set: {_some(unknown)}",
            f"テストにない画像が {len(unknown)} 件あります: {_some(unknown)}",
        )


def read_maps(outputs: Path, test_set: TestSet) -> dict[str, NDArray[np.float32]] | None:
    """Return the anomaly map of each test image, float32 of the image's shape (H, W); None where there are none.

    Raises:
        InvalidPredictions: some are missing, unknown, or not such arrays.
    """
    folder = outputs / MAPS
    if not _is_folder(folder):
        return None
    found = {path.stem: path for path in folder.iterdir() if path.suffix in (".npy", ".tiff")}
    if not found:
        return None
    missing = sorted(set(test_set.image_ids) - found.keys())
    if missing:
        raise _wrong_maps(
            f"{len(missing)} of {len(test_set.image_ids)} test images have none: {_some(missing)}",
            f"{len(test_set.image_ids)} 枚中 {len(missing)} 枚にありません: {_some(missing)}",
        )
    # By the known ids: what a file is called decides nothing about what is opened.
    return {image_id: _read_map(found[image_id], test_set.size(image_id)) for image_id in test_set.image_ids}


def _read_map(path: Path, size: tuple[int, int]) -> NDArray[np.float32]:
    if not _is_regular(path):
        raise _wrong_maps(f"{path.name} is not a regular file", f"{path.name} は通常のファイルではありません")
    if path.stat().st_size > size[0] * size[1] * 8 + _HEADER_BYTES:
        raise _wrong_maps(f"{path.name} is too large for its image", f"{path.name} が画像に対して大きすぎます")
    try:
        array = _load_npy(path) if path.suffix == ".npy" else _load_tiff(path, size)
    except Exception as error:
        raise _wrong_maps(
            f"{path.name} cannot be read ({type(error).__name__})", f"{path.name} を読めません({type(error).__name__})"
        ) from None
    if array.dtype != np.float32 or array.shape != size:
        raise _wrong_maps(
            f"{path.name} is {array.dtype} of shape {array.shape}, and should be float32 of {size}",
            f"{path.name} は {array.dtype}・{array.shape} です。float32・{size} にしてください",
        )
    if not np.isfinite(array).all():
        raise _wrong_maps(f"{path.name} holds NaN or infinity", f"{path.name} に NaN か無限大があります")
    return array


def _load_npy(path: Path) -> NDArray[np.float32]:
    # Mapping reads the header first: an array that claims to be huge fails before any memory is taken.
    array: NDArray[np.float32] = np.array(np.load(path, mmap_mode="r", allow_pickle=False))
    return array


def _load_tiff(path: Path, size: tuple[int, int]) -> NDArray[np.float32]:
    with tifffile.TiffFile(path) as file:
        if len(file.pages) != 1 or file.pages[0].shape != size:
            raise ValueError("shape")
        array: NDArray[np.float32] = file.pages[0].asarray()
        return array


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name[:60] for name in names[:_SHOWN])
    return shown + (", …" if len(names) > _SHOWN else "")


def _wrong(problem: str, problem_ja: str) -> InvalidPredictions:
    return InvalidPredictions(
        f"{PREDICTIONS} cannot be scored: {problem}.", f"{PREDICTIONS} を採点できません({problem_ja})。"
    )


def _wrong_maps(problem: str, problem_ja: str) -> InvalidPredictions:
    return InvalidPredictions(
        f"The maps in {MAPS} cannot be scored: {problem}.", f"{MAPS} のマップを採点できません({problem_ja})。"
    )
