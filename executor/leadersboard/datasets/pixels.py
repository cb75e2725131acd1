"""Copies of images that hold their pixels and nothing else: no time, no text, no name of what made them."""

import struct
from io import BytesIO
from pathlib import Path

from PIL import Image

_PNG = b"\x89PNG\r\n\x1a\n"
# What decoding needs (https://www.w3.org/TR/png-3/, 5.6): all other chunks describe.
_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_LENGTH = struct.Struct(">I")


def pixels_only(path: Path) -> bytes:
    """Return the image as PNG. The pixels of a PNG are not encoded anew, which keeps a large data set quick to copy."""
    content = path.read_bytes()
    if content.startswith(_PNG):
        return _needed_chunks(content)
    with Image.open(BytesIO(content)) as image:
        bare = image if image.mode in ("L", "RGB", "I;16") else image.convert("RGB")
        buffer = BytesIO()
        bare.save(buffer, "PNG", exif=b"", icc_profile=None, pnginfo=None)
    return _needed_chunks(buffer.getvalue())


def _needed_chunks(png: bytes) -> bytes:
    kept, position = [_PNG], len(_PNG)
    while position < len(png):
        (length,) = _LENGTH.unpack_from(png, position)
        end = position + 12 + length
        if png[position + 4 : position + 8] in _NEEDED:
            kept.append(png[position:end])
        position = end
    return b"".join(kept)


def mask_only(path: Path) -> bytes:
    """Return the mask as greyscale PNG: 255 wherever it is not black, 0 elsewhere."""
    with Image.open(path) as image:
        binary = image.convert("L").point(lambda value: 255 if value else 0)
    buffer = BytesIO()
    binary.save(buffer, "PNG")
    return buffer.getvalue()
