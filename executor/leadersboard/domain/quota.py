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

    `accepted` are the times of the user's submissions within the last hour, oldest first.

    Raises:
        SubmissionQuotaExceeded: there are as many as the limit allows.
    """
    excess = len(accepted) - quota.submissions_per_hour
    if excess < 0:
        return
    # With a limit of zero nothing ever leaves the window, so that the whole of it is named.
    free_at = accepted[excess] + WINDOW if accepted else now + WINDOW
    wait = max(1, math.ceil((free_at - now).total_seconds()))
    raise SubmissionQuotaExceeded(limit=quota.submissions_per_hour, retry_after_seconds=wait)


def check_running(quota: Quota, running: int) -> None:
    """Refuse a job while as many of the user's as allowed are running.

    Raises:
        RunningJobsExceeded: `running` has reached the limit.
    """
    if running >= quota.running_jobs:
        raise RunningJobsExceeded(limit=quota.running_jobs, retry_after_seconds=RUNNING_RETRY_SECONDS)
