"""GET of the caller's name and quota, and of what a job may use."""

from dataclasses import asdict
from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel

from leadersboard.api.browser.prefix import SERVICE
from leadersboard.api.browser.session import BrowserSession
from leadersboard.api.dependencies import CallerDep, LanguageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.domain.quota import WINDOW, ChargedFor, ReturnedFor, next_submission_at
from leadersboard.domain.waiting import in_words

router = APIRouter(tags=["account"])
# Of the ledger, about as much as a person reads.
_SHOWN = 100


class Who(BaseModel):
    """`xsrf_token` is there for browsers that are logged in: changes need it as the header X-XSRFToken."""

    user_id: str
    role: str
    organiser: bool
    xsrf_token: str | None = None


class SubmissionQuota(BaseModel):
    """Within the last `window_seconds`; what was given back is not counted. `next_allowed_at` is set, and
    `next_allowed` says it in words, once the limit is reached."""

    limit: int
    used: int
    window_seconds: int
    next_allowed_at: datetime | None
    next_allowed: str | None


class RunningQuota(BaseModel):
    limit: int
    used: int


class ChargeView(BaseModel):
    """What a submission cost. `returned_for` says why it was given back, and `job_id` for which job."""

    submission_id: str
    charged_at: datetime
    charged_for: ChargedFor
    cost: int
    returned_at: datetime | None
    returned_for: ReturnedFor | None
    job_id: str | None


class QuotaView(BaseModel):
    """`ledger` holds the newest charges, the newest first."""

    submissions: SubmissionQuota
    running: RunningQuota
    ledger: list[ChargeView]


class ResourceClassView(BaseModel):
    """How long a job of this class may run, in seconds, and how much memory it may hold, in bytes."""

    name: str
    wall_seconds: float
    memory_bytes: int


@router.get("/whoami", responses=documented(401))
def get_whoami(request: Request, caller: CallerDep) -> Who:
    """Say whose token it is, or who is logged in."""
    xsrf = BrowserSession(request, SERVICE).xsrf_token
    return Who(user_id=caller.user_id, role=caller.role, organiser=caller.is_organiser, xsrf_token=xsrf)


@router.get("/quota", responses=documented(401))
def get_quota(caller: CallerDep, platform: PlatformDep, language: LanguageDep) -> QuotaView:
    """Say how much of the caller's quota is used, and for what."""
    quota = platform.settings.quota
    now = platform.clock.now()
    with platform.records.reading() as transaction:
        charged = transaction.ledger.charged_since(caller.user_id, now - WINDOW, quota.submissions_per_hour)
        entries = transaction.ledger.entries(caller.user_id, _SHOWN)
        running = transaction.jobs.running_count(caller.user_id)
    free_at = next_submission_at(quota, charged, now)
    return QuotaView(
        submissions=SubmissionQuota(
            limit=quota.submissions_per_hour,
            used=len(charged),
            window_seconds=int(WINDOW.total_seconds()),
            next_allowed_at=free_at,
            next_allowed=None if free_at is None else in_words((free_at - now).total_seconds(), language),
        ),
        running=RunningQuota(limit=quota.running_jobs, used=running),
        ledger=[ChargeView(**asdict(entry)) for entry in entries],
    )


@router.get("/resource-classes", responses=documented(401))
async def list_resource_classes(caller: CallerDep, platform: PlatformDep) -> list[ResourceClassView]:
    """List what jobs may ask for, the smallest first."""
    known = sorted(platform.settings.resource_classes.values(), key=lambda one: (one.wall_seconds, one.name))
    return [
        ResourceClassView(name=one.name, wall_seconds=one.wall_seconds, memory_bytes=one.memory_bytes) for one in known
    ]
