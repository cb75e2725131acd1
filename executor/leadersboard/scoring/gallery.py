"""What a gallery of all test images is made from: each one's score and map, and where a category's threshold lies.

Nothing here tells a label: those are added for whoever may see them.
"""

import json
from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image

from leadersboard.scoring.figures import COLOURS_OF_MAPS, shown_range
from leadersboard.scoring.grading import Predictions
from leadersboard.scoring.metrics import best_threshold
from leadersboard.scoring.reference import Reference

SCORES, MAPS = "gallery.json", "maps"
# The longer side of a map, in pixels: enough to see where, and hundreds of them take a few megabytes.
_LONGEST = 320
_QUALITY = 80


def write(folder: Path, predictions: Predictions, reference: Reference) -> None:
    """Write `gallery.json` and, where there are maps, `maps/IMAGE_ID.webp` into `folder`.

    `gallery.json` holds the score of each image, and of each category the threshold at which F1 is best.
    """
    found = {
        "scores": {image.image_id: predictions.scores[image.image_id] for image in reference.images},
        "thresholds": {
            category: best_threshold(*predictions.of(images)) for category, images in reference.by_category.items()
        },
    }
    (folder / SCORES).write_text(json.dumps(found, allow_nan=False), encoding="utf-8")
    _write_maps(folder / MAPS, predictions, reference)


def _write_maps(folder: Path, predictions: Predictions, reference: Reference) -> None:
    """Write the maps as pictures, all of a category between the same two colours."""
    if predictions.maps is None:
        return
    folder.mkdir(exist_ok=True)
    colours = mpl.colormaps[COLOURS_OF_MAPS]
    for images in reference.by_category.values():
        low, high = shown_range(predictions.maps, images)
        for image in images:
            scaled = (predictions.maps.read(image).astype(np.float64) - low) / (high - low)
            picture = Image.fromarray(colours(np.clip(scaled, 0, 1), bytes=True)).convert("RGB")
            picture.thumbnail((_LONGEST, _LONGEST))
            picture.save(folder / f"{image.image_id}.webp", quality=_QUALITY)
