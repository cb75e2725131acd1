"""Checks and reads `anomaly_maps/`: a map for each test image, or none at all."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray

from leadersboard.scoring.reference import Reference, TestImage
from leadersboard.scoring.refusal import PredictionsRefused
from leadersboard.scoring.untrusted import exists, is_folder, read_file, shown

FOLDER = "anomaly_maps"
_SUFFIXES = (".npy", ".tiff")
# What a file may have beside its numbers.
_HEADER_BYTES = 64 * 1024
_NPY_HEADER_BYTES = 10_000
_COMPRESSIONS = frozenset({1, 5, 8, 32946})  # none, LZW, Deflate and its older number
_NAMED = 3
Map = NDArray[np.float32]


class AnomalyMaps:
    """The maps of a submission, one for each test image, each read and checked when it is asked for."""

    def __init__(self, paths: dict[str, Path]) -> None:
        self._paths = paths

    def read(self, image: TestImage) -> Map:
        """Return the map of `image` (height, width).

        Raises:
            PredictionsRefused: the file is not the finite float32 map that it should be.
        """
        path = self._paths[image.image_id]
        name = f"{FOLDER}/{path.name}"
        height, width = image.size
        try:
            content = read_file(path, name, 4 * height * width + _HEADER_BYTES)
            values = _from_npy(content, image.size) if path.suffix == ".npy" else _from_tiff(content, image.size)
        except _Unlike as found:
            raise _wrong_shape(name, image, str(found)) from None
        except PredictionsRefused:
            raise
        except Exception:
            raise PredictionsRefused(
                f"{name} cannot be read. Write each map with numpy.save, as float32.",
                f"{name} を読み込めません。マップは numpy.save で float32 として保存してください。",
            ) from None
        if not np.isfinite(values).all():
            raise PredictionsRefused(
                f"{name} holds NaN or infinity. Every value of a map must be a finite number.",
                f"{name} に NaN または無限大が含まれています。値はすべて有限の数にしてください。",
            )
        return values


def find_maps(outputs: Path, reference: Reference) -> AnomalyMaps | None:
    """Return the maps in the folder `outputs`, None where there are none.

    Raises:
        PredictionsRefused: some images have a map and some have none, or there is one too many.
    """
    folder = outputs / FOLDER
    if not exists(folder):
        return None
    if not is_folder(folder):
        raise PredictionsRefused(
            f"{FOLDER} is not a folder. Make it a folder with one map for each test image, or leave it out.",
            f"{FOLDER} がフォルダーではありません。画像ごとのマップを入れたフォルダーにするか、省いてください。",
        )
    paths: dict[str, Path] = {}
    for image_id, path in _listed(folder, reference):
        if image_id in paths:
            raise PredictionsRefused(
                f"{FOLDER} holds two maps of {image_id}. Write either .npy or .tiff.",
                f"{FOLDER} に {image_id} のマップが2つあります。.npy か .tiff のどちらかにしてください。",
            )
        paths[image_id] = path
    if not paths:
        return None
    _all_are_there(paths, reference)
    return AnomalyMaps(paths)


def _listed(folder: Path, reference: Reference) -> Iterator[tuple[str, Path]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            stem, suffix = os.path.splitext(entry.name)  # noqa: PTH122 - a name, not yet a path
            if suffix not in _SUFFIXES or stem not in reference.by_id:
                raise PredictionsRefused(
                    f"{FOLDER} holds {shown(entry.name)}, which is no map of a test image. Name maps after the"
                    " image_id, as .npy or .tiff, and leave nothing else there.",
                    f"{FOLDER} の {shown(entry.name)} はテスト画像のマップではありません。"
                    "マップは image_id に .npy か .tiff を付けた名前にし、他のものは置かないでください。",
                )
            yield stem, folder / f"{stem}{suffix}"


def _all_are_there(paths: dict[str, Path], reference: Reference) -> None:
    missing = [image.image_id for image in reference.images if image.image_id not in paths]
    if missing:
        named = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
        total = len(reference.images)
        raise PredictionsRefused(
            f"{FOLDER} lacks the maps of {len(missing)} of {total} test images: {named}. Write a map for every image,"
            f" or leave {FOLDER} out.",
            f"{FOLDER} にテスト画像 {total} 枚中 {len(missing)} 枚のマップがありません: {named}。"
            f"全画像のマップを書き出すか、{FOLDER} を省いてください。",
        )


class _Unlike(Exception):
    """A map has another shape or type; the text says which."""


def _compare(shape: tuple[int, ...], dtype: np.dtype[np.generic], size: tuple[int, int]) -> None:
    if tuple(shape) != size or dtype.kind != "f" or dtype.itemsize != 4:
        raise _Unlike(f"{dtype.name} {' x '.join(str(length) for length in shape[:4]) or 'scalar'}"[:60])


def _from_npy(content: bytes, size: tuple[int, int]) -> Map:
    # The header is looked at first: what it claims decides how much memory is taken.
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read_header(file, max_header_size=_NPY_HEADER_BYTES)
    _compare(shape, dtype, size)
    file.seek(0)
    return np.asarray(np.load(file, allow_pickle=False, max_header_size=_NPY_HEADER_BYTES), dtype=np.float32)


def _from_tiff(content: bytes, size: tuple[int, int]) -> Map:
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        page = file.pages.first
        if page.dtype is None:
            raise _Unlike("no numbers")
        _compare(page.shape, page.dtype, size)
        if page.compression not in _COMPRESSIONS:
            raise _Unlike("compressed in another way than LZW or Deflate")
        return np.asarray(page.asarray(), dtype=np.float32)


def _wrong_shape(name: str, image: TestImage, found: str) -> PredictionsRefused:
    height, width = image.size
    return PredictionsRefused(
        f"{name} is {found}; it must be float32 {height} x {width} (height x width), like its test image.",
        f"{name} は {found} です。テスト画像と同じ float32 {height} x {width}(高さ x 幅)にしてください。",
    )
