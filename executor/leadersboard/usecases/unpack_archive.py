"""Unpacks a ZIP archive into a submission, trusting nothing that the archive says of itself."""

import stat
import zipfile
from typing import BinaryIO

from leadersboard.domain.errors import TooManyFiles, UnreadableArchive
from leadersboard.domain.submission import ARCHIVE_SUFFIX, StoredFile, check_distinct, safe_name
from leadersboard.ports.storage import UploadSink
from leadersboard.usecases.limits import UploadLimits

# Text compresses by a factor of some ten; a bomb by a thousand.
_MAX_RATIO = 200
_SMALL_BYTES = 1024 * 1024


def unpack(name: str, content: BinaryIO, sink: UploadSink, limits: UploadLimits) -> list[StoredFile]:
    """Write the files of the archive to `sink` and return them.

    The sink counts what is really written, so that an archive that lies about its sizes is stopped as well.

    Raises:
        UnreadableArchive: it is no ZIP archive, or holds links, encrypted or absurdly compressed files.
        TooManyFiles, InvalidFileName, UnsupportedFileType, DuplicateFile, FileTooLarge, UploadTooLarge
    """
    try:
        with zipfile.ZipFile(content) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > limits.max_files:
                raise TooManyFiles(limit=limits.max_files)
            names = [safe_name(member.filename) for member in members]
            check_distinct(names)
            for member in members:
                _check(name, member)
            return [_write(archive, member, safe, sink) for member, safe in zip(members, names, strict=True)]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnreadableArchive(name=name, problem=str(error)[:200] or "it is damaged") from None


def _check(name: str, member: zipfile.ZipInfo) -> None:
    mode = member.external_attr >> 16
    problem = None
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        problem = f"{member.filename!r} in it is not a regular file"
    elif member.flag_bits & 1:
        problem = f"{member.filename!r} in it is encrypted"
    elif member.filename.lower().endswith(ARCHIVE_SUFFIX):
        problem = f"{member.filename!r} is an archive within it"
    elif member.file_size > max(_SMALL_BYTES, member.compress_size * _MAX_RATIO):
        problem = f"{member.filename!r} in it grows more than {_MAX_RATIO} times"
    if problem is not None:
        raise UnreadableArchive(name=name, problem=problem)


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, sink: UploadSink) -> StoredFile:
    with archive.open(member) as source:
        return sink.write(name, source)  # type: ignore[arg-type]  # ZipExtFile reads as BinaryIO does
