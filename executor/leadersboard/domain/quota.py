"""How much one user may ask for: submissions in a sliding hour, and jobs that run at the same time.

The window goes by a ledger: each submission is a charge, and a charge is given back where the user had nothing of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from leadersboard.domain.errors import RunningJobsExceeded, SubmissionQuotaExceeded
from leadersboard.domain.job import Failure, JobStatus, Reason

WINDOW = timedelta(hours=1)
# When a running job will end is not known; this is how soon it is worth asking again.
RUNNING_RETRY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits of one user."""

    submissions_per_hour: int = 50
    running_jobs: int = 2


class ChargedFor(StrEnum):
    """What a charge was made for."""

    SUBMISSION = "submission"
    # A job of a submission whose charge was given back before.
    ANOTHER_JOB = "another_job"


class ReturnedFor(StrEnum):
    """Why a charge was given back."""

    CANCELLED_BEFORE_START = "cancelled_before_start"
    PLATFORM_FAULT = "platform_fault"
    SCORING_FAULT = "scoring_fault"


@dataclass(frozen=True, slots=True)
class Charge:
    """A line of the ledger: what a submission cost and, where it was given back, when, why and for which job."""

    submission_id: str
    charged_at: datetime
    charged_for: ChargedFor
    cost: int = 1
    returned_at: datetime | None = None
    returned_for: ReturnedFor | None = None
    job_id: str | None = None


_NOT_THE_PARTICIPANTS = {
    Reason.PLATFORM_ERROR: ReturnedFor.PLATFORM_FAULT,
    Reason.SCORING_ERROR: ReturnedFor.SCORING_FAULT,
}


def reason_to_return(status: JobStatus, failure: Failure | None, *, started: bool) -> ReturnedFor | None:
    """Return why a job that stands so is not held against its user, or None where it is, or may yet be."""
    if status is JobStatus.CANCELLED and not started:
        return ReturnedFor.CANCELLED_BEFORE_START
    if status is JobStatus.FAILED and failure is not None:
        return _NOT_THE_PARTICIPANTS.get(failure.reason)
    return None


def check_submissions(quota: Quota, accepted: Sequence[datetime], now: datetime) -> None:
    """Refuse a submission past the limit, saying when the next one is possible.

    `accepted` are the times of the user's newest charges within the last hour that were not given back, oldest first;
    as many as the limit are enough.

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
