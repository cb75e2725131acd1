"""Which labels participants are shown: those of a few images, the same for every submission.

Were they chosen anew for each, many submissions would reveal the labels of more and more images.
"""

from collections.abc import Sequence

import numpy as np

from leadersboard.scoring.reference import Reference, TestImage

# Of each category, anomalous and good ones.
_CANDIDATES = {True: 6, False: 3}
_SEED = 20260401


def candidates(images: Sequence[TestImage]) -> dict[bool, list[TestImage]]:
    """Return the images of one category that may be shown with their labels: those with a defect, and good ones."""
    rng = np.random.default_rng(_SEED)
    chosen = {}
    for anomalous, most in _CANDIDATES.items():
        pool = [image for image in images if image.is_anomalous is anomalous]
        chosen[anomalous] = [pool[number] for number in rng.permutation(len(pool))[:most]]
    return chosen


def may_be_shown(reference: Reference) -> frozenset[str]:
    """Return the ids of all images that may be shown with their labels."""
    of_categories = map(candidates, reference.by_category.values())
    return frozenset(image.image_id for kinds in of_categories for images in kinds.values() for image in images)
