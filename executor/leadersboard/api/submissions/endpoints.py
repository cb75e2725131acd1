"""POST and GET of submissions."""

import shutil
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile

from leadersboard.api.dependencies import CallerDep, IdempotencyKey, OwnSubmission, PageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.submissions.schemas import Accepted, SubmissionList, SubmissionView
from leadersboard.domain.errors import NotEnoughSpace
from leadersboard.settings import Settings
from leadersboard.usecases.accept_submission import Offer, Upload, accept_submission

router = APIRouter(prefix="/submissions", tags=["submissions"])


@router.post("", status_code=201, responses=documented(401, 409, 429, 503))
def post_submission(
    caller: CallerDep,
    platform: PlatformDep,
    files: Annotated[list[UploadFile], File(description="The files; a .zip is unpacked.")] = [],  # noqa: B006
    entrypoint: Annotated[str | None, Form(description="What is run: main.py unless named.")] = None,
    config_file: Annotated[str | None, Form(description="The script's config: config.yaml unless named.")] = None,
    metadata: Annotated[str | None, Form(description="A JSON object.")] = None,
    idempotency_key: IdempotencyKey = None,
) -> Accepted:
    """Take files in. They are checked, digested and never changed again."""
    _check_space(platform.settings)
    submission = accept_submission(
        Offer(
            user_id=caller.user_id,
            uploads=[Upload(file.filename or "", file.file) for file in files],
            entrypoint=entrypoint or None,
            config_file=config_file or None,
            metadata=metadata,
            idempotency_key=idempotency_key,
        ),
        records=platform.records,
        files=platform.submissions,
        notebooks=platform.notebooks,
        clock=platform.clock,
        quota=platform.settings.quota,
        limits=platform.upload_limits,
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
