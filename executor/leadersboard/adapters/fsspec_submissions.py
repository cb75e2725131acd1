"""Files of submissions on any file system that fsspec knows."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from leadersboard.domain.errors import DamagedSubmission, FileTooLarge, UploadTooLarge
from leadersboard.domain.submission import StoredFile, Submission
from leadersboard.ports.storage import UploadSink, chunks_of

# Where submissions are until they are whole. No submission has such an id.
_INCOMING = ".incoming"


class FsspecSubmissionFiles:
    """The `SubmissionFiles` port below `root`, a path or a URL such as `s3://bucket/submissions`."""

    def __init__(self, root: str, max_file_bytes: int, max_upload_bytes: int) -> None:
        self._fs, self._root = url_to_fs(root)
        self._max_file_bytes = max_file_bytes
        self._max_upload_bytes = max_upload_bytes

    @contextmanager
    def receive(self, submission_id: str) -> Iterator[UploadSink]:
        incoming = f"{self._root}/{_INCOMING}/{submission_id}"
        sink = _Sink(self._fs, incoming, self._folder(submission_id), self._max_file_bytes, self._max_upload_bytes)
        try:
            yield sink
        finally:
            if self._fs.exists(incoming):
                self._fs.rm(incoming, recursive=True)

    def open(self, submission_id: str, name: str) -> BinaryIO:
        return cast(BinaryIO, self._fs.open(f"{self._folder(submission_id)}/{name}", "rb"))

    def lay_out(self, submission: Submission, folder: Path) -> None:
        for file in submission.files:
            target = folder / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            try:
                with self.open(submission.submission_id, file.name) as source, target.open("xb") as copy:
                    for chunk in chunks_of(source):
                        digest.update(chunk)
                        copy.write(chunk)
            except FileNotFoundError:
                raise DamagedSubmission(submission_id=submission.submission_id) from None
            if digest.hexdigest() != file.sha256:
                raise DamagedSubmission(submission_id=submission.submission_id)

    def remove(self, submission_id: str) -> None:
        if self._fs.exists(self._folder(submission_id)):
            self._fs.rm(self._folder(submission_id), recursive=True)

    def older_than(self, moment: datetime) -> Sequence[str]:
        return [name for name in self._names(self._root) if name != _INCOMING and self._changed(name) < moment]

    def remove_incoming(self, moment: datetime) -> int:
        left = [f"{_INCOMING}/{name}" for name in self._names(f"{self._root}/{_INCOMING}")]
        old = [name for name in left if self._changed(name) < moment]
        for name in old:
            self.remove(name)
        return len(old)

    def _names(self, folder: str) -> list[str]:
        if not self._fs.exists(folder):
            return []
        return [str(path).rstrip("/").rpartition("/")[2] for path in self._fs.ls(folder, detail=False)]

    def _changed(self, name: str) -> datetime:
        """Return when anything below a folder was last changed."""
        found = self._fs.find(self._folder(name), detail=True, withdirs=True).values()
        return max((_time_of(info) for info in found), default=datetime.min.replace(tzinfo=UTC))

    def _folder(self, submission_id: str) -> str:
        return f"{self._root}/{submission_id}"


class _Sink:
    def __init__(
        self, fs: AbstractFileSystem, incoming: str, final: str, max_file_bytes: int, max_upload_bytes: int
    ) -> None:
        self._fs = fs
        self._incoming = incoming
        self._final = final
        self._max_file_bytes = max_file_bytes
        self._left = self._max_upload_bytes = max_upload_bytes

    def write(self, name: str, source: BinaryIO) -> StoredFile:
        path = f"{self._incoming}/{name}"
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with self._fs.open(path, "wb") as target:
            for chunk in chunks_of(source):
                size += len(chunk)
                self._check(name, size, len(chunk))
                digest.update(chunk)
                target.write(chunk)
            _to_disk(target)
        return StoredFile(name, size, digest.hexdigest())

    def read(self, name: str, limit_bytes: int) -> bytes:
        with self._fs.open(f"{self._incoming}/{name}", "rb") as file:
            return cast(bytes, file.read(limit_bytes))

    def keep(self) -> None:
        if self._fs.protocol == "file" or "file" in self._fs.protocol:
            # One rename on one file system: there whole, or not there.
            shutil.move(self._incoming, self._final)
        else:
            self._fs.mv(self._incoming, self._final, recursive=True)

    def _check(self, name: str, size: int, chunk: int) -> None:
        if size > self._max_file_bytes:
            raise FileTooLarge(name=name, limit_bytes=self._max_file_bytes)
        self._left -= chunk
        if self._left < 0:
            raise UploadTooLarge(limit_bytes=self._max_upload_bytes)


def _time_of(info: Mapping[str, Any]) -> datetime:
    # File systems give seconds, object stores a time.
    if "mtime" in info:
        return datetime.fromtimestamp(info["mtime"], UTC)
    changed: datetime = info.get("LastModified") or datetime.min.replace(tzinfo=UTC)
    return changed


def _to_disk(file: BinaryIO) -> None:
    """Make a local file outlive a power cut: the row that says it is there will."""
    if hasattr(file, "fileno"):
        file.flush()
        os.fsync(file.fileno())
