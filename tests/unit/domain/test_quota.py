"""Limits, and when the next request is possible."""

from datetime import UTC, datetime, timedelta

import pytest

from leadersboard.domain.errors import RunningJobsExceeded, SubmissionQuotaExceeded
from leadersboard.domain.quota import Quota, check_running, check_submissions

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUOTA = Quota(submissions_per_hour=3, running_jobs=2)


def minutes_ago(*minutes: int) -> list[datetime]:
    return [NOW - timedelta(minutes=one) for one in minutes]


def test_under_the_limit_nothing_is_said() -> None:
    check_submissions(QUOTA, minutes_ago(50, 10), NOW)
    check_running(QUOTA, 1)


def test_at_the_limit_the_wait_lasts_until_the_oldest_leaves_the_hour() -> None:
    with pytest.raises(SubmissionQuotaExceeded) as caught:
        check_submissions(QUOTA, minutes_ago(50, 10, 1), NOW)
    assert caught.value.retry_after_seconds == 600


def test_past_a_limit_that_was_lowered_enough_of_them_have_to_leave() -> None:
    with pytest.raises(SubmissionQuotaExceeded) as caught:
        check_submissions(QUOTA, minutes_ago(50, 40, 10, 1), NOW)
    assert caught.value.retry_after_seconds == 20 * 60


def test_a_limit_of_none_at_all_names_the_whole_hour() -> None:
    with pytest.raises(SubmissionQuotaExceeded) as caught:
        check_submissions(Quota(0, 1), [], NOW)
    assert caught.value.retry_after_seconds == 3600


def test_as_many_running_jobs_as_allowed_are_too_many_for_one_more() -> None:
    with pytest.raises(RunningJobsExceeded):
        check_running(QUOTA, 2)
