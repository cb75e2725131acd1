"""What a backup holds: every file with its size and digest, so that a damaged one is known before it is used."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from leadersboard.backup.errors import BackupDamaged, NotABackup

NAME = "manifest.json"
# Raised when something written before could no longer be read.
FORMAT = 1
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A regular file: size in bytes, SHA-256, permissions, time of its last change in seconds."""

    size: int
    sha256: str
    mode: int
    changed: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup's list of contents. `files` and `links` are by their path below the backup.

    `stores` are what was backed up, `elsewhere` what is kept by servers of the operator's own and was not. `datasets`
    are the versions and digests of the data sets in use.
    """

    made_at: str
    version: str
    database: str
    stores: tuple[str, ...]
    elsewhere: tuple[str, ...]
    datasets: Mapping[str, Mapping[str, str]]
    files: Mapping[str, File] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False)
        (folder / NAME).write_text(text, encoding="utf-8")

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files.values())


def read(folder: Path) -> Manifest:
    """Return the manifest of the backup in `folder`.

    Raises:
        NotABackup: there is none, or it is of a newer format.
    """
    try:
        raw: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if raw.pop("format") != FORMAT:
            raise NotABackup(path=folder, problem="it was made by another version")
        raw["files"] = {path: File(**about) for path, about in raw["files"].items()}
        return Manifest(**{**raw, "stores": tuple(raw["stores"]), "elsewhere": tuple(raw["elsewhere"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise NotABackup(path=folder, problem=f"its {NAME} cannot be read") from error


def check(manifest: Manifest, folder: Path) -> None:
    """See that every file of the backup is what it was.

    Raises:
        BackupDamaged: the first that is not.
    """
    for path, file in manifest.files.items():
        # A manifest that was tampered with must not reach beyond the backup.
        if ".." in Path(path).parts or Path(path).is_absolute() or digest_of(folder / path) != (file.size, file.sha256):
            raise BackupDamaged(file=path)


def digest_of(path: Path) -> tuple[int, str] | None:
    """Return size and SHA-256 of a regular file, or None where there is none."""
    if path.is_symlink() or not path.is_file():
        return None
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
