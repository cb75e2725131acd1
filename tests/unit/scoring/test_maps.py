"""What the check of anomaly maps says."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile

from leadersboard.scoring.maps import find_maps
from leadersboard.scoring.reference import Reference
from leadersboard.scoring.refusal import PredictionsRefused
from tests.unit.scoring.conftest import SIZE, write_maps

NAME = "anomaly_maps/a_0002"


def refusal(outputs: Path, reference: Reference) -> str:
    """Return what is said of the maps, once it was seen to be said in both languages."""
    with pytest.raises(PredictionsRefused) as error:
        maps = find_maps(outputs, reference)
        assert maps is not None
        for image in reference.images:
            maps.read(image)
    assert error.value.ja != error.value.en
    assert error.value.ja.endswith("。")
    assert str(outputs) not in error.value.en
    return error.value.en


def _npy(array: np.ndarray, **options: bool) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def _header(shape: str, dtype: str = "<f4") -> bytes:
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def test_there_may_be_none(outputs: Path, reference: Reference) -> None:
    assert find_maps(outputs, reference) is None
    (outputs / "anomaly_maps").mkdir()
    assert find_maps(outputs, reference) is None


def test_maps_are_read_from_npy_and_tiff(outputs: Path, reference: Reference) -> None:
    folder = write_maps(outputs, reference)
    (folder / "a_0002.npy").unlink()
    tifffile.imwrite(folder / "a_0002.tiff", np.full(SIZE, 3, dtype=np.float32), compression="zlib")
    maps = find_maps(outputs, reference)
    assert maps is not None
    assert (maps.read(reference.by_id["a_0002"]) == 3).all()
    assert maps.read(reference.by_id["a_0003"]).max() == 1.5


def test_a_map_in_fortran_order_is_the_same_map(outputs: Path, reference: Reference) -> None:
    given = np.arange(48, dtype=np.float32).reshape(SIZE)
    np.save(write_maps(outputs, reference) / "a_0002.npy", np.asfortranarray(given))
    maps = find_maps(outputs, reference)
    assert maps is not None
    assert (maps.read(reference.by_id["a_0002"]) == given).all()


def _with_nan() -> bytes:
    array = np.zeros(SIZE, dtype=np.float32)
    array[3, 3] = np.nan
    return _npy(array)


WRONG: dict[str, tuple[Callable[[], bytes], str]] = {
    "NaN": (_with_nan, f"{NAME}.npy holds NaN or infinity"),
    "infinity": (lambda: _npy(np.full(SIZE, np.inf, np.float32)), f"{NAME}.npy holds NaN or infinity"),
    "height and width swapped": (
        lambda: _npy(np.zeros(SIZE[::-1], np.float32)),
        f"{NAME}.npy is float32 8 x 6; it must be float32 6 x 8",
    ),
    "a channel too many": (
        lambda: _npy(np.zeros((1, *SIZE), np.float32)),
        f"{NAME}.npy is float32 1 x 6 x 8; it must be float32 6 x 8",
    ),
    "a single number": (lambda: _npy(np.float32(1)), f"{NAME}.npy is float32 scalar"),
    "float64": (lambda: _npy(np.zeros(SIZE)), f"{NAME}.npy is float64 6 x 8; it must be float32 6 x 8"),
    "integers": (lambda: _npy(np.zeros(SIZE, np.int32)), f"{NAME}.npy is int32 6 x 8"),
    "objects": (
        lambda: _npy(np.full(SIZE, None, object), allow_pickle=True),
        f"{NAME}.npy is object 6 x 8; it must be float32",
    ),
    "a pickle": (lambda: b"\x80\x04\x95\x10\x00", f"{NAME}.npy cannot be read"),
    "an empty file": (lambda: b"", f"{NAME}.npy cannot be read"),
    "half a file": (lambda: _npy(np.zeros(SIZE, np.float32))[:-20], f"{NAME}.npy cannot be read"),
    "a header that claims a huge array": (
        lambda: _header("(1000000, 1000000)"),
        f"{NAME}.npy is float32 1000000 x 1000000",
    ),
    "a header of negative lengths": (lambda: _header("(-6, -8)"), f"{NAME}.npy is float32 -6 x -8"),
    "a header of nested brackets": (lambda: _header("(" * 5000), f"{NAME}.npy cannot be read"),
    "a header that runs code": (lambda: _header("__import__('os').abort()"), f"{NAME}.npy cannot be read"),
    "a huge file": (lambda: bytes(1 << 20), f"{NAME}.npy has more than the 65,728 bytes"),
}


@pytest.mark.parametrize(("content", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_map_that_is_wrong(outputs: Path, reference: Reference, content: Callable[[], bytes], sentence: str) -> None:
    (write_maps(outputs, reference) / "a_0002.npy").write_bytes(content())
    assert sentence in refusal(outputs, reference)


@pytest.mark.parametrize("content", [b"", b"II*\0", b"II*\0\xff\xff\xff\x7f", b"not a picture"])
def test_a_tiff_that_is_none(outputs: Path, reference: Reference, content: bytes) -> None:
    folder = write_maps(outputs, reference)
    (folder / "a_0002.npy").unlink()
    (folder / "a_0002.tiff").write_bytes(content)
    assert f"{NAME}.tiff cannot be read" in refusal(outputs, reference)


def test_a_tiff_of_another_shape_or_type(outputs: Path, reference: Reference) -> None:
    folder = write_maps(outputs, reference)
    (folder / "a_0002.npy").unlink()
    tifffile.imwrite(folder / "a_0002.tiff", np.zeros((60, 80), dtype=np.uint8))
    assert f"{NAME}.tiff is uint8 60 x 80; it must be float32 6 x 8" in refusal(outputs, reference)


def test_a_link_is_not_followed(outputs: Path, reference: Reference, tmp_path: Path) -> None:
    path = write_maps(outputs, reference) / "a_0002.npy"
    path.rename(tmp_path / "elsewhere.npy")
    path.symlink_to(tmp_path / "elsewhere.npy")
    assert f"{NAME}.npy is not a regular file" in refusal(outputs, reference)


def test_a_link_in_place_of_the_folder_is_not_followed(outputs: Path, reference: Reference, tmp_path: Path) -> None:
    write_maps(outputs, reference).rename(tmp_path / "elsewhere")
    (outputs / "anomaly_maps").symlink_to(tmp_path / "elsewhere")
    assert "anomaly_maps is not a folder" in refusal(outputs, reference)


def test_all_images_have_a_map_or_none(outputs: Path, reference: Reference) -> None:
    (write_maps(outputs, reference) / "a_0002.npy").unlink()
    said = refusal(outputs, reference)
    assert said.startswith("anomaly_maps lacks the maps of 1 of 8 test images: a_0002.")


@pytest.mark.parametrize("name", ["z_0000.npy", "a_0002.png", "notes.txt", ".hidden"])
def test_nothing_else_lies_among_the_maps(outputs: Path, reference: Reference, name: str) -> None:
    (write_maps(outputs, reference) / name).write_bytes(b"x")
    assert f"anomaly_maps holds {name!r}, which is no map of a test image" in refusal(outputs, reference)


def test_two_maps_of_an_image(outputs: Path, reference: Reference) -> None:
    folder = write_maps(outputs, reference)
    tifffile.imwrite(folder / "a_0002.tiff", np.zeros(SIZE, dtype=np.float32))
    assert "two maps of a_0002" in refusal(outputs, reference)
