"""GET of the caller's name and quota."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel

from leadersboard.api.browser.prefix import SERVICE
from leadersboard.api.browser.session import BrowserSession
from leadersboard.api.dependencies import CallerDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.domain.quota import WINDOW, next_submission_at

router = APIRouter(tags=["account"])


class Who(BaseModel):
    """`xsrf_token` is there for browsers that are logged in: changes need it as the header X-XSRFToken."""

    user_id: str
    role: str
    organiser: bool
    xsrf_token: str | None = None


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
def get_whoami(request: Request, caller: CallerDep) -> Who:
    """Say whose token it is, or who is logged in."""
    xsrf = BrowserSession(request, SERVICE).xsrf_token
    return Who(user_id=caller.user_id, role=caller.role, organiser=caller.is_organiser, xsrf_token=xsrf)


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
