"""What a run left is made safe to read, whatever it is, and can be removed however it was made."""

import os
import stat
from pathlib import Path

import pytest

from leadersboard.adapters.runner.left_behind import remove, take_back


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that has nothing to do with the run."""
    path = tmp_path / "outside"
    path.write_text("untouched")
    path.chmod(0o640)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "left"
    made.mkdir()
    return made


def deep(folder: Path, levels: int) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=descriptor)
        inner = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)


def test_files_and_folders_can_be_read_afterwards(folder: Path) -> None:
    (folder / "closed").mkdir()
    (folder / "closed" / "file").write_text("result")
    (folder / "closed" / "file").chmod(0)
    (folder / "closed").chmod(0)
    folder.chmod(0)
    take_back(folder)
    assert (folder / "closed" / "file").read_text() == "result"
    assert stat.S_IMODE((folder / "closed" / "file").stat().st_mode) == 0o600


def test_links_and_pipes_are_removed_and_what_they_lead_to_stays(folder: Path, outside: Path) -> None:
    (folder / "link").symlink_to(outside)
    (folder / "way").symlink_to(outside.parent)
    os.mkfifo(folder / "pipe")
    take_back(folder)
    assert list(folder.iterdir()) == []
    assert outside.read_text() == "untouched"
    assert stat.S_IMODE(outside.stat().st_mode) == 0o640


def test_what_lies_too_deep_is_removed(folder: Path) -> None:
    deep(folder, 3000)
    (folder / "file").write_text("result")
    take_back(folder)
    assert (folder / "file").read_text() == "result"
    assert len(list(folder.rglob("d"))) < 40


def test_names_that_cannot_be_shown_or_lead_elsewhere_are_removed(folder: Path) -> None:
    for name in (os.fsdecode(b"\xff"), "two\nlines", "%2e%2e%2fup", "..\\up"):
        (folder / name).write_text("x")
    for name in ("名前", "95 % done.png", "<b>"):
        (folder / name).write_text("x")
    take_back(folder)
    assert {path.name for path in folder.iterdir()} == {"名前", "95 % done.png", "<b>"}


def test_rights_that_files_give_their_readers_are_taken_away(folder: Path) -> None:
    (folder / "program").write_text("x")
    (folder / "program").chmod(0o4755)
    take_back(folder)
    assert stat.S_IMODE((folder / "program").stat().st_mode) == 0o755


def test_a_folder_is_removed_however_deep_or_closed_it_is(folder: Path, outside: Path) -> None:
    deep(folder, 3000)
    (folder / "link").symlink_to(outside)
    (folder / "d").chmod(0)
    remove(folder)
    assert not folder.exists()
    assert outside.read_text() == "untouched"


def test_removing_what_is_not_there_is_no_error(folder: Path) -> None:
    remove(folder / "nothing")
    assert folder.exists()
