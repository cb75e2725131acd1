"""Every error has a code of its own, a sentence in both languages, and an HTTP status."""

import re
from collections.abc import Iterator

import pytest

from leadersboard.api.errors import STATUS_BY_KIND
from leadersboard.domain import errors
from leadersboard.domain.errors import LeadersBoardError, TooMany

ROOTS = {LeadersBoardError, TooMany}


def all_errors(root: type[LeadersBoardError] = LeadersBoardError) -> Iterator[type[LeadersBoardError]]:
    for one in root.__subclasses__():
        if one not in ROOTS and one.__module__.startswith(errors.__name__):
            yield one
        yield from all_errors(one)


def fields(sentence: str) -> set[str]:
    return set(re.findall(r"(?<!\{)\{(\w+)[!:}]", sentence))


@pytest.mark.parametrize("error", list(all_errors()))
def test_an_error_says_the_same_facts_in_both_languages(error: type[LeadersBoardError]) -> None:
    assert error.en != error.ja
    assert fields(error.ja) <= fields(error.en)
    assert re.search(r"[ぁ-んァ-ン一-龥]", error.ja)
    assert error.kind in STATUS_BY_KIND


def test_a_code_belongs_to_one_error_and_its_variants() -> None:
    by_code: dict[str, type[LeadersBoardError]] = {}
    for error in all_errors():
        other = by_code.setdefault(error.code, error)
        assert issubclass(error, other) or issubclass(other, error)
