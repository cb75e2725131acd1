"""POST of a notebook that is to be looked at, and not kept."""

import asyncio
from dataclasses import replace

from fastapi import APIRouter, Request

from leadersboard.api.dependencies import CallerDep, LanguageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.form import form_schema, read_form
from leadersboard.api.notebooks.schemas import NotebookView
from leadersboard.domain.errors import NoFiles
from leadersboard.usecases.describe_notebook import describe_notebook

router = APIRouter(prefix="/notebooks", tags=["submissions"])
_FORM = form_schema({"file": {"type": "string", "format": "binary", "description": "A notebook."}}, ["file"])


@router.post("/inspect", openapi_extra=_FORM, responses=documented(401, 403))
async def post_inspect(
    request: Request, caller: CallerDep, platform: PlatformDep, language: LanguageDep
) -> NotebookView:
    """Say which parameters a notebook takes and which template it came from. Nothing of it is kept."""
    limits = platform.upload_limits
    one = replace(limits, max_files=1, max_file_bytes=limits.max_notebook_bytes)
    async with read_form(request, "file", one, platform.settings.home_path) as form:
        if not form.uploads:
            raise NoFiles
        upload = form.uploads[0]
        found = await asyncio.to_thread(
            describe_notebook, upload.name, upload.content, notebooks=platform.notebooks, limits=limits
        )
    return NotebookView.of(found, language)
