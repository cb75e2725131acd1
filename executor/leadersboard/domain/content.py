"""What a file's name promises of its content, where something relies on it."""

from pathlib import PurePosixPath

# Enough for every mark below.
HEAD_BYTES = 4096
_MARKS: dict[str, tuple[tuple[bytes, ...], str]] = {
    ".png": ((b"\x89PNG\r\n\x1a\n",), "a PNG image"),
    ".jpg": ((b"\xff\xd8\xff",), "a JPEG image"),
    ".jpeg": ((b"\xff\xd8\xff",), "a JPEG image"),
    ".npy": ((b"\x93NUMPY",), "a NumPy array"),
    ".npz": ((b"PK\x03\x04", b"PK\x05\x06"), "an archive of NumPy arrays"),
}
_TEXTS = frozenset([".py", ".ipynb", ".yaml", ".yml", ".json", ".toml", ".cfg", ".ini", ".txt", ".md", ".csv"])


def broken_promise(name: str, head: bytes) -> str | None:
    """Return what `name` says the file is, where `head`, its first bytes, shows that it is not."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _TEXTS:
        return "a text" if b"\x00" in head else None
    marks, what = _MARKS.get(suffix, ((b"",), ""))
    return None if head.startswith(marks) else what
