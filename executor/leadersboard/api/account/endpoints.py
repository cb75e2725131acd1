"""GET of the caller's name and quota."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from leadersboard.api.dependencies import CallerDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.domain.quota import WINDOW, next_submission_at

router = APIRouter(tags=["account"])


class Who(BaseModel):
    user_id: str
    organiser: bool


class SubmissionQuota(BaseModel):
    """Within the last hour; `next_allowed_at` is set once the limit is reached."""

    limit: int
    used: int
    next_allowed_at: datetime | None


class RunningQuota(BaseModel):
    limit: int
    used: int


class QuotaView(BaseModel):
    submissions: SubmissionQuota
    running: RunningQuota


@router.get("/whoami", responses=documented(401))
def get_whoami(caller: CallerDep) -> Who:
    """Say whose token it is."""
    return Who(user_id=caller.user_id, organiser=caller.is_organiser)


@router.get("/quota", responses=documented(401))
def get_quota(caller: CallerDep, platform: PlatformDep) -> QuotaView:
    """Say how much of the caller's quota is used."""
    quota = platform.settings.quota
    now = platform.clock.now()
    with platform.records.reading() as transaction:
        accepted = transaction.submissions.accepted_since(caller.user_id, now - WINDOW, quota.submissions_per_hour)
        running = transaction.jobs.running_count(caller.user_id)
    return QuotaView(
        submissions=SubmissionQuota(
            limit=quota.submissions_per_hour,
            used=len(accepted),
            next_allowed_at=next_submission_at(quota, accepted, now),
        ),
        running=RunningQuota(limit=quota.running_jobs, used=running),
    )
