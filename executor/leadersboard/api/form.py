"""Reads an upload form as it streams in: nothing is read further than a limit allows, nothing large is in memory.

The framework would have the whole body on disk before it asks who is sending it; here the caller is known first.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from leadersboard.domain.errors import FileTooLarge, MalformedUpload, NoFiles, TooManyFiles, UploadTooLarge
from leadersboard.domain.submission import ARCHIVE_SUFFIX
from leadersboard.usecases.accept_submission import Upload
from leadersboard.usecases.limits import UploadLimits

# A file up to this size waits in memory; two hundred of them are little.
_SPOOL_BYTES = 64 * 1024
_FIELD_BYTES = 128 * 1024
# Parts beside the files: the fields of the form, and some that a client may add.
_OTHER_PARTS = 20


@dataclass(slots=True)
class Form:
    """What came in: the files of one field, and the texts of the others by their names."""

    uploads: list[Upload] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """Return a field that was sent and is not empty."""
        return self.texts.get(name) or None


def form_schema(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    """Return the OpenAPI description of a form, which the framework cannot know."""
    schema = {"type": "object", "properties": dict(properties), "required": required}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


@asynccontextmanager
async def read_form(request: Request, files_in: str, limits: UploadLimits, folder: Path) -> AsyncIterator[Form]:
    """Read the form of `request`, its files from the field `files_in`; they are gone when the context ends.

    Raises:
        NoFiles: it is not a form with files.
        MalformedUpload, FileTooLarge, UploadTooLarge, TooManyFiles: while it is read; the rest is not.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data":
        raise NoFiles
    with ExitStack() as spools:
        reading = _Reading(files_in, limits, folder, spools)
        try:
            parser = MultipartParser(options.get(b"boundary", b""), reading.callbacks())
            async for chunk in request.stream():
                parser.write(chunk)
                await reading.flush()
        except FormParserError as error:
            raise MalformedUpload(problem=str(error)[:200]) from None
        except ClientDisconnect:
            # Nobody is there to read this; it only has to end like any other upload that is not whole.
            raise MalformedUpload(problem="it ends in the middle") from None
        if not reading.is_whole:
            raise MalformedUpload(problem="it ends in the middle")
        yield reading.form()


@dataclass(slots=True)
class _Part:
    """One part on its way in; `file` is None for a text."""

    name: str = ""
    file_name: str | None = None
    file: BinaryIO | None = None
    size: int = 0
    text: bytearray = field(default_factory=bytearray)


class _Reading:
    """What the parser calls: it takes the parts apart and counts."""

    def __init__(self, files_in: str, limits: UploadLimits, folder: Path, spools: ExitStack) -> None:
        self._files_in = files_in
        self._limits = limits
        self._folder = folder
        self._spools = spools
        self._parts: list[_Part] = []
        self._pending: list[tuple[_Part, bytes]] = []
        self._headers: dict[bytes, bytes] = {}
        self._header = (b"", b"")
        self._total = 0
        self.is_whole = False

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._extend_header(data[start:end], b""),
            "on_header_value": lambda data, start, end: self._extend_header(b"", data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": lambda data, start, end: self._take(data[start:end]),
            "on_end": self._end,
        }

    async def flush(self) -> None:
        """Write what came with the last chunk."""
        for part, data in self._pending:
            write = cast(BinaryIO, part.file).write
            if part.size > _SPOOL_BYTES:
                await asyncio.to_thread(write, data)
            else:
                write(data)
        self._pending.clear()

    def form(self) -> Form:
        form = Form()
        for part in self._parts:
            if part.file is not None:
                part.file.seek(0)
                form.uploads.append(Upload(part.file_name or "", part.file))
            elif part.file_name is None:
                form.texts[part.name] = _decoded(bytes(part.text))
        return form

    def _begin(self) -> None:
        self._headers.clear()
        self._header = (b"", b"")
        self._parts.append(_Part())
        if len(self._parts) > self._limits.max_files + _OTHER_PARTS:
            raise TooManyFiles(limit=self._limits.max_files)

    def _extend_header(self, name: bytes, value: bytes) -> None:
        self._header = (self._header[0] + name, self._header[1] + value)

    def _end_header(self) -> None:
        name, value = self._header
        self._headers[name.lower()] = value
        self._header = (b"", b"")

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        part = self._parts[-1]
        part.name = _decoded(options.get(b"name", b""))
        if b"filename" in options:
            part.file_name = _decoded(options[b"filename"])
        if part.name != self._files_in:
            return
        if part.file_name is None:
            raise MalformedUpload(problem=f"the field {self._files_in!r} in it is not a file")
        if sum(one.file is not None for one in self._parts) >= self._limits.max_files:
            raise TooManyFiles(limit=self._limits.max_files)
        part.file = self._spools.enter_context(_spool(self._folder))

    def _take(self, data: bytes) -> None:
        part = self._parts[-1]
        part.size += len(data)
        if part.file is not None:
            self._check_size(part, len(data))
            self._pending.append((part, data))
        elif part.file_name is None:
            if part.size > _FIELD_BYTES:
                raise MalformedUpload(problem=f"the field {part.name[:100]!r} is longer than {_FIELD_BYTES:,} bytes")
            part.text += data

    def _check_size(self, part: _Part, more: int) -> None:
        name, limits = part.file_name or "", self._limits
        self._total += more
        # What an archive holds is counted as it is unpacked.
        is_archive = name.lower().endswith(ARCHIVE_SUFFIX)
        if part.size > limits.max_file_bytes and not is_archive:
            raise FileTooLarge(name=name[:100], limit_bytes=limits.max_file_bytes)
        if self._total > limits.max_upload_bytes:
            raise UploadTooLarge(limit_bytes=limits.max_upload_bytes)

    def _end(self) -> None:
        self.is_whole = True


def _spool(folder: Path) -> BinaryIO:
    file = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES, mode="w+b", dir=str(folder))  # noqa: SIM115
    return cast(BinaryIO, file)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
