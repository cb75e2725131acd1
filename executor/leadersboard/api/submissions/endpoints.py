"""POST and GET of submissions."""

import asyncio
import shutil

from fastapi import APIRouter, Request

from leadersboard.api.dependencies import CallerDep, IdempotencyKey, OwnSubmission, PageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.form import form_schema, read_form
from leadersboard.api.submissions.schemas import Accepted, SubmissionList, SubmissionView
from leadersboard.domain.errors import NotEnoughSpace
from leadersboard.settings import Settings
from leadersboard.usecases.accept_submission import Offer, accept_submission, check_before_reading

router = APIRouter(prefix="/submissions", tags=["submissions"])


_FORM = form_schema(
    {
        "files": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "format": "binary"},
            "description": "The files; a .zip is unpacked.",
        },
        "entrypoint": {"type": "string", "description": "What is run: main.py unless named."},
        "config_file": {"type": "string", "description": "The script's config: config.yaml unless named."},
        "metadata": {"type": "string", "description": "A JSON object."},
    },
    ["files"],
)


@router.post("", status_code=201, openapi_extra=_FORM, responses=documented(401, 403, 409, 429))
async def post_submission(
    request: Request, caller: CallerDep, platform: PlatformDep, idempotency_key: IdempotencyKey = None
) -> Accepted:
    """Take files in. They are checked, digested and never changed again."""
    settings, limits = platform.settings, platform.upload_limits
    _check_space(settings)
    records, clock, quota = platform.records, platform.clock, settings.quota
    await asyncio.to_thread(
        check_before_reading, caller.user_id, idempotency_key, records=records, clock=clock, quota=quota
    )
    async with read_form(request, "files", limits, settings.home_path) as form:
        offer = Offer(
            user_id=caller.user_id,
            uploads=form.uploads,
            entrypoint=form.text("entrypoint"),
            config_file=form.text("config_file"),
            metadata=form.text("metadata"),
            idempotency_key=idempotency_key,
        )
        submission = await asyncio.to_thread(
            accept_submission,
            offer,
            records=records,
            files=platform.submissions,
            notebooks=platform.notebooks,
            clock=clock,
            quota=quota,
            limits=limits,
        )
    return Accepted(submission_id=submission.submission_id, user_id=submission.user_id, digest=submission.digest)


def _check_space(settings: Settings) -> None:
    if shutil.disk_usage(settings.home_path).free < settings.min_free_bytes:
        raise NotEnoughSpace


@router.get("", responses=documented(401))
def list_submissions(caller: CallerDep, platform: PlatformDep, page: PageDep) -> SubmissionList:
    """List the caller's submissions, newest first; an organiser's list holds everybody's."""
    with platform.records.reading() as transaction:
        found = transaction.submissions.page(None if caller.is_organiser else caller.user_id, page)
    items = [SubmissionView.of(one) for one in found.items]
    return SubmissionList(items=items, total=found.total, limit=page.limit, offset=page.offset)


@router.get("/{submission_id}", responses=documented(401, 404))
def get_submission(submission: OwnSubmission) -> SubmissionView:
    """Say what a submission holds, and which parameters its notebook takes."""
    return SubmissionView.of(submission)
