"""What endpoints ask for: the platform, who is calling, in which language, and the caller's own job."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import InvalidToken, Language, UnknownJob, UnknownSubmission
from leadersboard.domain.job import Job
from leadersboard.domain.submission import Submission
from leadersboard.domain.tokens import user_of
from leadersboard.ports.records import Page

_bearer = HTTPBearer(auto_error=False, description="A token of API_TOKENS.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking. Organisers see what is everybody's."""

    user_id: str
    is_organiser: bool

    def may_see(self, user_id: str) -> bool:
        return self.is_organiser or user_id == self.user_id


# Dependencies that wait for nothing are coroutines: FastAPI sends plain functions to a thread, one after the other.


async def get_platform(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


async def get_language(accept_language: Annotated[str, Header(max_length=200)] = "en") -> Language:
    return language_of(accept_language)


def language_of(accept_language: str) -> Language:
    """Return the first language of the header that there are sentences in."""
    for part in accept_language.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in ("ja", "en"):
            return "ja" if code == "ja" else "en"
    return "en"


async def get_caller(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    platform: Annotated[Platform, Depends(get_platform)],
) -> Caller:
    if credentials is None:
        raise InvalidToken
    user_id = user_of(credentials.credentials, platform.tokens)
    return Caller(user_id, user_id in platform.settings.organiser_names)


PlatformDep = Annotated[Platform, Depends(get_platform)]
CallerDep = Annotated[Caller, Depends(get_caller)]
LanguageDep = Annotated[Language, Depends(get_language)]


async def get_page(
    limit: Annotated[int, Query(ge=1, le=500)] = 50, offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0
) -> Page:
    return Page(limit, offset)


PageDep = Annotated[Page, Depends(get_page)]


def get_own_job(job_id: str, caller: CallerDep, platform: PlatformDep) -> Job:
    """Return the caller's job. Somebody else's is as unknown as one that never was."""
    with platform.records.reading() as transaction:
        job = transaction.jobs.get(job_id)
    if job is None or not caller.may_see(job.user_id):
        raise UnknownJob(job_id=job_id[:100])
    return job


def get_own_submission(submission_id: str, caller: CallerDep, platform: PlatformDep) -> Submission:
    with platform.records.reading() as transaction:
        submission = transaction.submissions.get(submission_id)
    if submission is None or not caller.may_see(submission.user_id):
        raise UnknownSubmission(submission_id=submission_id[:100])
    return submission


OwnJob = Annotated[Job, Depends(get_own_job)]
OwnSubmission = Annotated[Submission, Depends(get_own_submission)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1, max_length=200, description="Send the same key again to get the same answer, not a second one."
    ),
]
