"""How much one user may ask for: submissions in a sliding hour, and jobs that run at the same time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadersboard.domain.errors import RunningJobsExceeded, SubmissionQuotaExceeded

WINDOW = timedelta(hours=1)
# When a running job will end is not known; this is how soon it is worth asking again.
RUNNING_RETRY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits of one user."""

    submissions_per_hour: int = 50
    running_jobs: int = 2


def check_submissions(quota: Quota, accepted: Sequence[datetime], now: datetime) -> None:
    """Refuse a submission past the limit, saying when the next one is possible.

    `accepted` are the times of the user's newest submissions within the last hour, oldest first; as many as the limit
    are enough.

    Raises:
        SubmissionQuotaExceeded: there are as many as the limit allows.
    """
    free_at = next_submission_at(quota, accepted, now)
    if free_at is not None:
        wait = max(1, math.ceil((free_at - now).total_seconds()))
        raise SubmissionQuotaExceeded(limit=quota.submissions_per_hour, retry_after_seconds=wait)


def next_submission_at(quota: Quota, accepted: Sequence[datetime], now: datetime) -> datetime | None:
    """Return when the next submission is possible, or None where it is now."""
    limit = quota.submissions_per_hour
    if limit == 0:
        # Nothing ever leaves the window, so that the whole of it is named.
        return now + WINDOW
    return accepted[-limit] + WINDOW if len(accepted) >= limit else None


def check_running(quota: Quota, running: int) -> None:
    """Refuse a job while as many of the user's as allowed are running.

    Raises:
        RunningJobsExceeded: `running` has reached the limit.
    """
    if running >= quota.running_jobs:
        raise RunningJobsExceeded(limit=quota.running_jobs, retry_after_seconds=RUNNING_RETRY_SECONDS)
