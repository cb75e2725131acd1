"""What endpoints ask for: the platform, who is calling, in which language, and the caller's own job."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from leadersboard.api.browser.prefix import SERVICE
from leadersboard.api.browser.session import BrowserSession
from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import InvalidToken, Language, LoginUnavailable, UnknownJob, UnknownSubmission
from leadersboard.domain.job import Job
from leadersboard.domain.language import language_of
from leadersboard.domain.roles import Role
from leadersboard.domain.submission import Submission
from leadersboard.domain.tokens import find_user
from leadersboard.ports.identities import IdentitiesUnavailable
from leadersboard.ports.records import Page

_bearer = HTTPBearer(auto_error=False, description="A token of API_TOKENS, or one of JupyterHub.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking. Organisers see what is everybody's."""

    user_id: str
    role: Role

    @property
    def is_organiser(self) -> bool:
        return self.role.sees_everything

    def may_see(self, user_id: str) -> bool:
        return self.is_organiser or user_id == self.user_id


# Dependencies that wait for nothing are coroutines: FastAPI sends plain functions to a thread, one after the other.


async def get_platform(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


async def get_language(accept_language: Annotated[str, Header(max_length=200)] = "en") -> Language:
    return language_of(accept_language)


Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def get_caller(
    request: Request, credentials: Credentials, platform: Annotated[Platform, Depends(get_platform)]
) -> Caller:
    """Return whose token was sent: one of API_TOKENS, of the hub, of a single-user server; or who is logged in."""
    caller = await _caller_of(request, credentials, platform)
    # For the log.
    request.state.user_id = caller.user_id
    return caller


async def _caller_of(request: Request, credentials: Credentials, platform: Platform) -> Caller:
    if credentials is not None:
        return await caller_with_token(credentials.credentials, platform)
    session = BrowserSession(request, SERVICE)
    if session.token is None:
        raise InvalidToken
    session.check_origin()
    return await caller_of_hub(session.token, platform, SERVICE)


async def caller_with_token(token: str, platform: Platform) -> Caller:
    """Return whose `token` it is.

    Raises:
        InvalidToken, LoginUnavailable
    """
    user_id = find_user(token, platform.tokens)
    if user_id is None:
        return await caller_of_hub(token, platform, SERVICE)
    organises = user_id in platform.settings.organiser_names
    return Caller(user_id, Role.ORGANISER if organises else Role.PARTICIPANT)


async def caller_of_hub(token: str, platform: Platform, service: str) -> Caller:
    """Return the hub's user whose `token` it is, if they may use `service`.

    Raises:
        InvalidToken, LoginUnavailable
    """
    identities = platform.identities.get(service)
    if identities is None:
        raise InvalidToken
    try:
        identity = await identities.of_token(token)
    except IdentitiesUnavailable as problem:
        raise LoginUnavailable from problem
    if identity is None:
        raise InvalidToken
    named = identity.user_id in platform.settings.organiser_names
    promoted = named and identity.role is Role.PARTICIPANT
    return Caller(identity.user_id, Role.ORGANISER if promoted else identity.role)


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
