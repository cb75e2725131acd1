"""Which names, entrypoints and metadata are taken, and which are refused."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadersboard.domain import errors
from leadersboard.domain.submission import (
    Entry,
    StoredFile,
    check_distinct,
    check_entry,
    digest_of,
    parse_metadata,
    safe_name,
)


@pytest.mark.parametrize("name", ["main.py", "pkg/mod.py", "設定.yaml", "a-b_c.1.ipynb", "model.safetensors"])
def test_plain_names_are_kept(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "../main.py",
        "a/../../main.py",
        "./main.py",
        "a//b.py",
        "/etc/passwd.txt",
        "C:\\main.py",
        "a\\b.py",
        "main\x00.py",
        "line\nbreak.py",
        "-rf.py",
        "~root.py",
        "pkg/-x.py",
        " main.py",
        "x" * 300 + ".py",
        "/".join(["d"] * 20) + "/main.py",
        "right\u202eyp.py",
    ],
)
def test_names_that_could_be_more_than_names_are_refused(name: str) -> None:
    with pytest.raises(errors.InvalidFileName):
        safe_name(name)


@pytest.mark.parametrize("name", ["run.exe", "main", "lib.so", "archive.tar.gz", "index.html", ".bashrc"])
def test_other_kinds_of_file_are_refused(name: str) -> None:
    with pytest.raises(errors.UnsupportedFileType):
        safe_name(name)


@given(st.text(max_size=60))
def test_no_text_gives_a_name_that_climbs_out(text: str) -> None:
    try:
        name = safe_name(f"{text}.py")
    except errors.LeadersBoardError:
        return
    assert not name.startswith("/")
    assert ".." not in name.split("/")
    assert "\x00" not in name


@pytest.mark.parametrize("names", [["a.py", "a.py"], ["a.py", "A.PY"], ["a.py", "a.py/b.py"]])
def test_names_that_collide_are_refused(names: list[str]) -> None:
    with pytest.raises(errors.DuplicateFile):
        check_distinct(names)


def test_a_script_needs_its_config_file_and_a_notebook_does_not() -> None:
    assert check_entry("main.py", "config.yaml", ["main.py", "config.yaml"]) is Entry.SCRIPT
    assert check_entry("a.ipynb", "config.yaml", ["a.ipynb"]) is Entry.NOTEBOOK
    with pytest.raises(errors.MissingConfigFile):
        check_entry("main.py", "config.yaml", ["main.py"])
    with pytest.raises(errors.MissingConfigFile):
        check_entry("a.ipynb", "other.yaml", ["a.ipynb"])
    with pytest.raises(errors.MissingEntrypoint, match=r"a\.ipynb"):
        check_entry("main.py", "config.yaml", ["a.ipynb"])
    with pytest.raises(errors.UnsupportedEntrypoint):
        check_entry("config.yaml", "config.yaml", ["config.yaml"])
    with pytest.raises(errors.NoFiles):
        check_entry("main.py", "config.yaml", [])


@pytest.mark.parametrize(
    "text", ["[]", "1", "{", "null", '{"a": NaN}', '"x"', "[" * 100_000, '{"a": "%s"}' % ("x" * 70_000)]
)
def test_metadata_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(errors.InvalidMetadata):
        parse_metadata(text)


def test_metadata_may_be_left_out() -> None:
    assert parse_metadata(None) == parse_metadata("  ") == {}
    assert parse_metadata('{"method": "padim"}') == {"method": "padim"}


def test_the_digest_goes_by_names_and_contents_and_not_by_order() -> None:
    one = StoredFile("a.py", 1, hashlib.sha256(b"a").hexdigest())
    two = StoredFile("b.py", 1, hashlib.sha256(b"b").hexdigest())
    assert digest_of([one, two]) == digest_of([two, one])
    assert digest_of([one]) != digest_of([StoredFile("c.py", 1, one.sha256)])
    assert digest_of([one]) != digest_of([StoredFile("a.py", 1, two.sha256)])
