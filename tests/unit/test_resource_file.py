"""One file says what jobs may use; an operator's own changes it or adds to it."""

import dataclasses
from pathlib import Path

import pytest
from pydantic import ValidationError

from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.resource_file import SHIPPED, read_classes
from leadersboard.settings import Settings


def own(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_says_every_limit_of_every_class() -> None:
    limits = {field.name for field in dataclasses.fields(ResourceClass)} - {"name"}
    text = SHIPPED.read_text(encoding="utf-8")
    classes = read_classes(None)
    assert list(classes) == ["small", "medium", "scoring"]
    assert {limit: text.count(f"\n{limit} =") for limit in limits} == dict.fromkeys(limits, len(classes))
    assert (classes["small"].wall_seconds, classes["medium"].memory_bytes) == (1800, 16384 * MIB)


def test_what_an_own_file_leaves_out_stays(tmp_path: Path) -> None:
    classes = read_classes(own(tmp_path, "[small]\nprocesses = 7\n[huge]\nwall_seconds = 86400\n"))
    assert (classes["small"].processes, classes["small"].wall_seconds) == (7, 1800)
    assert (classes["huge"].name, classes["huge"].wall_seconds, classes["huge"].processes) == ("huge", 86400, 1024)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[small]\nmemory = 3", "memory"),
        ("[small]\nprocesses = 0", "processes"),
        ("[small]\nprocesses = 'many'", "processes"),
        ("[small]\nwall_seconds = true", "wall_seconds"),
        ("processes = 3", "processes"),
        ("[small", "own.toml"),
    ],
)
def test_a_file_that_says_nonsense_is_refused_with_the_place(text: str, word: str, tmp_path: Path) -> None:
    path = own(tmp_path, text)
    with pytest.raises(ValueError, match=word):
        read_classes(path)
    with pytest.raises(ValidationError, match=word):
        Settings(resources_file=path)


def test_single_settings_win_over_the_file(tmp_path: Path) -> None:
    path = own(tmp_path, "[small]\nwall_seconds = 5\nmemory_bytes = 6\n")
    classes = Settings(resources_file=path, small_wall_seconds=7, log_bytes=8).resource_classes
    assert (classes["small"].wall_seconds, classes["small"].memory_bytes, classes["small"].log_bytes) == (7, 6, 8)
    assert classes["medium"].log_bytes == 8
    assert "scoring" not in classes, "it is not for participants"
