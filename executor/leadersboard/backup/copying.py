"""Copies of trees, in which databases are whole although somebody writes to them."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, cast

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

_SQLITE = b"SQLite format 3\x00"
# What SQLite keeps beside a database while it is open; all of it is in the copy.
_BESIDE = ("-wal", "-shm", "-journal")
# Uploads on their way in: nobody was told that they are there.
_PASSING = frozenset({".incoming"})


def copy_tree(source: Path, target: Path) -> None:
    """Copy all regular files and links below `source`; sockets and devices are left out, links never followed."""
    target.mkdir(parents=True, mode=0o700)
    if not source.is_dir():
        return
    shutil.copystat(source, target)
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        # What is gone by now was not to be kept.
        with suppress(FileNotFoundError):
            _copy(entry, target / entry.name)


def _copy(entry: os.DirEntry[str], target: Path) -> None:
    path = Path(entry.path)
    if entry.is_symlink():
        target.symlink_to(path.readlink())
    elif entry.is_dir():
        if entry.name not in _PASSING:
            copy_tree(path, target)
    elif stat.S_ISREG(entry.stat().st_mode) and not _is_beside(path):
        copy_file(path, target)


def _is_beside(path: Path) -> bool:
    return any(path.name.endswith(end) and path.with_name(path.name.removesuffix(end)).exists() for end in _BESIDE)


def copy_file(source: Path, target: Path) -> None:
    """Copy one file with its permissions; of an SQLite database, what is committed at this moment."""
    with source.open("rb") as file:
        is_database = file.read(len(_SQLITE)) == _SQLITE
    if is_database:
        copy_database(source, target)
    else:
        shutil.copyfile(source, target)
    shutil.copystat(source, target)
    if os.getuid() == 0:
        about = source.stat()
        os.chown(target, about.st_uid, about.st_gid)


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite database through its online backup: readers and writers go on meanwhile."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)
        # The copy is one file, whatever it is read with.
        copy.execute("PRAGMA journal_mode=DELETE")


def fetch(url: str, target: Path) -> None:
    """Copy all below `url`, a folder or an address that fsspec knows, to the folder `target`."""
    fs, root = _opened(url)
    if _is_local(fs):
        copy_tree(Path(root), target)
        return
    target.mkdir(parents=True, mode=0o700)
    if fs.exists(root):
        fs.get(f"{root}/", str(target), recursive=True)


def put(source: Path, url: str) -> None:
    """Copy all below the folder `source` to `url`."""
    fs, root = _opened(url)
    if _is_local(fs):
        copy_tree(source, Path(root))
    else:
        fs.put(f"{source}/", root, recursive=True)


def is_empty(url: str) -> bool:
    """Whether nothing is below `url`."""
    fs, root = _opened(url)
    return not fs.exists(root) or not fs.find(root)


def regular_files(folder: Path) -> Iterator[Path]:
    """Yield all regular files and links below `folder`, in a fixed order."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if Path(parent, name).is_symlink()]
        yield from (Path(parent, name) for name in sorted([*names, *links]))


def _opened(url: str) -> tuple[AbstractFileSystem, str]:
    return cast(tuple[AbstractFileSystem, str], url_to_fs(url))


def _is_local(fs: Any) -> bool:
    return "file" in (fs.protocol if isinstance(fs.protocol, tuple | list) else (fs.protocol,))
