"""The digest of a folder: equal exactly where names and bytes of all files are."""

import hashlib
from pathlib import Path

_CHUNK = 1 << 20


def folder_digest(folder: Path) -> str:
    """Return the SHA-256, in hexadecimal, over the sorted relative paths and contents of all files."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                content.update(chunk)
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + content.digest())
    return total.hexdigest()
