"""A submission: immutable files from one user. Here are the rules that file names and entrypoints keep."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from leadersboard.domain.errors import (
    DuplicateFile,
    InvalidFileName,
    InvalidMetadata,
    MissingConfigFile,
    MissingEntrypoint,
    NoFiles,
    UnsupportedEntrypoint,
    UnsupportedFileType,
)
from leadersboard.domain.parameters import Parameter
from leadersboard.domain.plain_json import flaw_in

DEFAULT_ENTRYPOINT = "main.py"
DEFAULT_CONFIG_FILE = "config.yaml"
MAX_NAME_BYTES = 200
MAX_DEPTH = 8
MAX_METADATA_BYTES = 64 * 1024
ARCHIVE_SUFFIX = ".zip"
ACCEPTED_SUFFIXES = frozenset(
    [
        ".py",
        ".ipynb",
        ".yaml",
        ".yml",
        ".json",
        ".toml",
        ".cfg",
        ".ini",
        ".txt",
        ".md",
        ".csv",
        ".npy",
        ".npz",
        ".pt",
        ".pth",
        ".onnx",
        ".safetensors",
        ".png",
        ".jpg",
        ".jpeg",
        ".zip",
    ]
)
# Anything that a shell, a terminal or a header would read as more than a name.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")


class Entry(StrEnum):
    """How a submission is run."""

    NOTEBOOK = "notebook"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a submission: its relative POSIX path, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Submission:
    """Files as they were sent. `digest` is over names and contents, so equal submissions have equal digests.

    `parameters` are those of a notebook's `parameters` cell, None where there is no such cell.
    """

    submission_id: str
    user_id: str
    created_at: datetime
    entrypoint: str
    config_file: str
    files: tuple[StoredFile, ...]
    digest: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] | None = None
    idempotency_key: str | None = None

    @property
    def entry(self) -> Entry:
        return entry_of(self.entrypoint)


def entry_of(entrypoint: str) -> Entry:
    """Return how `entrypoint` is run.

    Raises:
        UnsupportedEntrypoint: it is neither a notebook nor a Python script.
    """
    match PurePosixPath(entrypoint).suffix.lower():
        case ".ipynb":
            return Entry.NOTEBOOK
        case ".py":
            return Entry.SCRIPT
        case _:
            raise UnsupportedEntrypoint(name=entrypoint)


def safe_name(name: str) -> str:
    """Return `name` as a relative POSIX path in Unicode form NFC.

    Raises:
        InvalidFileName: it is empty, absolute, too long or too deep, climbs out, or holds characters that no file
            name should.
        UnsupportedFileType: its ending is not an accepted one.
    """
    normal = unicodedata.normalize("NFC", name)
    problem = _problem_with(normal)
    if problem is not None:
        raise InvalidFileName(name=name[:100], problem=problem)
    if PurePosixPath(normal).suffix.lower() not in ACCEPTED_SUFFIXES:
        raise UnsupportedFileType(name=name, allowed=" ".join(sorted(ACCEPTED_SUFFIXES)))
    return normal


def _problem_with(name: str) -> str | None:
    parts = name.split("/")
    if not name.strip():
        return "it is empty"
    if len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        return f"it is longer than {MAX_NAME_BYTES} bytes"
    if name.startswith("/"):
        return "it is an absolute path"
    if ".." in parts or "." in parts or "" in parts:
        return "it has an empty, '.' or '..' part"
    if len(parts) > MAX_DEPTH:
        return f"it is more than {MAX_DEPTH} folders deep"
    if _FORBIDDEN.search(name) or not name.isprintable():
        return "it has a character that is not allowed in names"
    if any(part.startswith(("-", "~")) or part != part.strip() for part in parts):
        return "a part of it begins with '-' or '~', or with or ends in a space"
    return None


def check_distinct(names: Iterable[str]) -> None:
    """Refuse names that would be one file on a file system that ignores case, or a file and a folder at once.

    Raises:
        DuplicateFile: two of `names` collide.
    """
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise DuplicateFile(name=name)
        seen.add(name.casefold())
    for name in seen:
        for parent in PurePosixPath(name).parents:
            if str(parent) in seen:
                raise DuplicateFile(name=str(parent))


def check_entry(entrypoint: str, config_file: str, names: Iterable[str]) -> Entry:
    """Check that what is to be run was sent, and return how it is run.

    A script always has a config file. A notebook has its parameters instead, so that only a config file that was
    asked for by another name than the default has to be there.

    Raises:
        NoFiles, MissingEntrypoint, UnsupportedEntrypoint, MissingConfigFile
    """
    sent = sorted(names)
    if not sent:
        raise NoFiles
    shown = ", ".join(sent[:10])
    if entrypoint not in sent:
        raise MissingEntrypoint(name=entrypoint[:100], sent=shown)
    entry = entry_of(entrypoint)
    needed = entry is Entry.SCRIPT or config_file != DEFAULT_CONFIG_FILE
    if needed and config_file not in sent:
        raise MissingConfigFile(name=config_file[:100], sent=shown)
    return entry


def parse_metadata(text: str | None) -> dict[str, Any]:
    """Return the JSON object in `text`; nothing at all counts as an empty one.

    Raises:
        InvalidMetadata: it is too long, not JSON, or not an object.
    """
    if text is None or not text.strip():
        return {}
    if len(text.encode("utf-8", "replace")) > MAX_METADATA_BYTES:
        raise InvalidMetadata(problem=f"it is longer than {MAX_METADATA_BYTES} bytes")
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InvalidMetadata(problem="it is not JSON") from None
    if not isinstance(value, dict):
        raise InvalidMetadata(problem="it is not a JSON object")
    flaw = flaw_in(value)
    if flaw is not None:
        raise InvalidMetadata(problem=flaw)
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def digest_of(files: Iterable[StoredFile]) -> str:
    """Return the SHA-256, in hexadecimal, over the names and contents of `files`, in the order of their names."""
    whole = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        whole.update(f"{file.sha256} {file.size} {file.name}\n".encode())
    return whole.hexdigest()
