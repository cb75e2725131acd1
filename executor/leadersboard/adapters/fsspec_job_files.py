"""Outputs of jobs on any file system that fsspec knows."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

from fsspec.core import url_to_fs

from leadersboard.ports.storage import OutputFile, chunks_of


class FsspecJobFiles:
    """The `JobFiles` port below `root`, a path or a URL: `root/JOB/ATTEMPT/...`."""

    def __init__(self, root: str) -> None:
        self._fs, self._root = url_to_fs(root)

    def keep(self, job_id: str, attempt: int, folder: Path, prefix: str) -> None:
        for path in regular_files(folder):
            # Submitted code chose the names; not every one is text.
            name = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "replace")
            target = self._path(job_id, attempt, f"{prefix}/{name}" if prefix else name)
            self._fs.makedirs(target.rpartition("/")[0], exist_ok=True)
            with _open_regular(path) as source, self._fs.open(target, "wb") as copy:
                for chunk in chunks_of(source):
                    copy.write(chunk)

    def listing(self, job_id: str, attempt: int) -> Sequence[OutputFile]:
        base = self._path(job_id, attempt, "")
        if not self._fs.exists(base):
            return []
        found = self._fs.find(base, detail=True)
        # An object store keeps no folders, a file system does: both give paths below the base here.
        skip = len(self._fs._strip_protocol(base).rstrip("/")) + 1
        return sorted(
            (OutputFile(path[skip:], int(info["size"])) for path, info in found.items()), key=lambda file: file.name
        )

    def open(self, job_id: str, attempt: int, name: str) -> BinaryIO | None:
        if not _is_plain(name):
            return None
        path = self._path(job_id, attempt, name)
        return cast(BinaryIO, self._fs.open(path, "rb")) if self._fs.isfile(path) else None

    @contextmanager
    def fetch(self, job_id: str, attempt: int, names: Sequence[str]) -> Iterator[Path]:
        with TemporaryDirectory(prefix="leadersboard-") as folder:
            for name in names:
                source = self.open(job_id, attempt, name)
                if source is None:
                    continue
                target = Path(folder, name)
                target.parent.mkdir(parents=True, exist_ok=True)
                with source, target.open("wb") as copy:
                    for chunk in chunks_of(source):
                        copy.write(chunk)
            yield Path(folder)

    def size(self, job_id: str) -> int:
        folder = f"{self._root}/{job_id}"
        found = self._fs.find(folder, detail=True) if self._fs.exists(folder) else {}
        return sum(int(info["size"]) for info in found.values())

    def remove(self, job_id: str) -> None:
        with suppress(FileNotFoundError):
            self._fs.rm(f"{self._root}/{job_id}", recursive=True)

    def _path(self, job_id: str, attempt: int, name: str) -> str:
        return f"{self._root}/{job_id}/attempt-{attempt}/{name}"


def regular_files(folder: Path) -> Iterator[Path]:
    """Yield the regular files below `folder`, never following a link; devices, sockets and links are left out."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from regular_files(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def _open_regular(path: Path) -> BinaryIO:
    # Between listing and opening, the name could have become something else.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileNotFoundError(path)
    return os.fdopen(descriptor, "rb")


def _is_plain(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and ".." not in parts and not name.startswith("/") and "\x00" not in name
