"""Whether there is room for what jobs leave."""

import shutil
from collections.abc import Sequence
from pathlib import Path


def free_bytes(folders: Sequence[Path]) -> int:
    """Return how much is free on the fullest of the disks that `folders` lie on, in bytes.

    A folder that is not there yet lies on the disk of the nearest one above it.
    """
    return min(shutil.disk_usage(_existing(folder)).free for folder in folders)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
