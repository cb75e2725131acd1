"""POST of a notebook that is to be looked at, and not kept."""

from typing import Annotated

from fastapi import APIRouter, File, UploadFile

from leadersboard.api.dependencies import CallerDep, LanguageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.notebooks.schemas import NotebookView
from leadersboard.usecases.describe_notebook import describe_notebook

router = APIRouter(prefix="/notebooks", tags=["submissions"])


@router.post("/inspect", responses=documented(401, 413))
def post_inspect(
    caller: CallerDep,
    platform: PlatformDep,
    language: LanguageDep,
    file: Annotated[UploadFile, File(description="A notebook.")],
) -> NotebookView:
    """Say which parameters a notebook takes and which template it came from. Nothing of it is kept."""
    limits = platform.upload_limits
    found = describe_notebook(file.filename or "", file.file, notebooks=platform.notebooks, limits=limits)
    return NotebookView.of(found, language)
