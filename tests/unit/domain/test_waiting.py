"""Waiting times in words."""

import pytest

from leadersboard.domain.waiting import in_words


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (0.2, "in 1 second", "1秒後"),
        (59, "in 59 seconds", "59秒後"),
        (60, "in 1 minute", "1分後"),
        (719.5, "in 12 minutes", "12分後"),
        (3599, "in 1 hour", "1時間後"),
        (3600, "in 1 hour", "1時間後"),
        (5000, "in 1 hour 24 minutes", "1時間24分後"),
        (7261, "in 2 hours 2 minutes", "2時間2分後"),
    ],
)
def test_a_wait_is_said_in_words_and_never_too_short(seconds: float, english: str, japanese: str) -> None:
    assert (in_words(seconds, "en"), in_words(seconds, "ja")) == (english, japanese)
