"""Where a prepared data set lies, and which version is in use. Standard library only."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadersboard.datasets.errors import DatasetNameInvalid

CURRENT = "current"
DESCRIPTION = "dataset.json"
PUBLIC = "public"
HIDDEN = "hidden"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_VERSION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class PreparedDataset:
    """One version of a data set, split into what submissions see and what only scoring sees.

    `version` names the folder: the first 16 hexadecimal digits of `digest`, the SHA-256 of all files in it.
    `counts` has, for each category, the number of images: train, test_good, test_anomalous.
    """

    name: str
    version: str
    digest: str
    folder: Path
    counts: Mapping[str, Mapping[str, int]]

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(self.counts)

    @property
    def public(self) -> Path:
        return self.folder / PUBLIC

    @property
    def hidden(self) -> Path:
        return self.folder / HIDDEN


def is_name(text: str) -> bool:
    """Return whether `text` can name a data set or a category: it becomes a folder and part of image ids."""
    return _NAME.fullmatch(text) is not None


def find(data_root: Path, name: str) -> PreparedDataset | None:
    """Return the version of `name` that is in use below `data_root`, None where none is prepared.

    Raises:
        DatasetNameInvalid
    """
    if not is_name(name):
        raise DatasetNameInvalid(name=name[:100])
    folder = data_root / name
    try:
        version = (folder / CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    if _VERSION.fullmatch(version) is None:
        return None
    return read(folder / version)


def read(folder: Path) -> PreparedDataset | None:
    """Return what the `dataset.json` in `folder` describes, None where there is none."""
    try:
        about: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return PreparedDataset(about["name"], about["version"], about["digest"], folder, about["counts"])
