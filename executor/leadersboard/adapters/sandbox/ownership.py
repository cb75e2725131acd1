"""Gives a run's folders to the user of the run."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

_FOLDER, _FILE = 0o055, 0o044


def hand_over(paths: Iterable[Path], user: int) -> None:
    """Make `user`, and the group of that number, the owner of `paths`; what is in folders stays as it is."""
    for path in paths:
        os.chown(path, user, user, follow_symlinks=False)


def let_read(folder: Path) -> None:
    """Let everybody read what is in `folder`: who comes to it is decided by the folders that it lies in."""
    for parent, _, files, descriptor in os.fwalk(folder):
        _allow(parent, None, _FOLDER)
        for name in files:
            _allow(name, descriptor, _FILE)


def is_closed(folder: Path) -> bool:
    """Return whether `folder`, or something that lies directly in it, is not for everybody to read.

    That is where it shows: folders of data are made all in one way.
    """
    if folder.stat().st_mode & _FOLDER != _FOLDER:
        return True
    with os.scandir(folder) as entries:
        return any(not entry.is_symlink() and entry.stat().st_mode & _FILE != _FILE for entry in entries)


def _allow(name: str, folder: int | None, mode: int) -> None:
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISLNK(found.st_mode) and found.st_mode & mode != mode:
        os.chmod(name, stat.S_IMODE(found.st_mode) | mode, dir_fd=folder)
