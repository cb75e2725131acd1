"""What a data set's version is: the digest of its contents."""

import hashlib
from pathlib import Path


def tree_digest(root: Path) -> str:
    """Return the SHA-256, in hexadecimal, over the relative paths and contents of all files below `root`."""
    whole = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{content} {path.relative_to(root).as_posix()}\n".encode())
    return whole.hexdigest()
