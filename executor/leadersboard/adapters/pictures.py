"""Small pictures of test images and of where their defects are marked, for a browser."""

import io

from PIL import Image, ImageChops, ImageFilter

from leadersboard.scoring.reference import TestImage

MEDIA_TYPE = "image/webp"
# The longer side, in pixels.
_LONGEST = 320
_QUALITY = 85
# Black within white, seen on any ground.
_WHITE_WIDTH, _BLACK_WIDTH = 5, 3


def of_image(image: TestImage) -> bytes:
    """Return the image itself."""
    with Image.open(image.path) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((_LONGEST, _LONGEST))
    return _encoded(picture)


def of_mask(image: TestImage) -> bytes:
    """Return where the image is anomalous: white on black."""
    return _encoded(_mask(image).convert("RGB"))


def of_outline(image: TestImage) -> bytes:
    """Return a line round what is anomalous; all else can be seen through."""
    mask = _mask(image)
    outline = Image.new("RGBA", mask.size)
    for colour, width in (("white", _WHITE_WIDTH), ("black", _BLACK_WIDTH)):
        outline.paste(colour, mask=ImageChops.difference(mask.filter(ImageFilter.MaxFilter(width)), mask))
    return _encoded(outline)


def _mask(image: TestImage) -> Image.Image:
    # What is marked stays marked, however small it becomes.
    mask = Image.fromarray(image.mask().astype("uint8") * 255)
    scale = max(1, -(-max(mask.size) // _LONGEST))
    return mask.reduce(scale).point(lambda value: 255 if value else 0) if scale > 1 else mask


def _encoded(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=_QUALITY)
    return target.getvalue()
