"""GET of templates and their files."""

from mimetypes import guess_type
from typing import Annotated

from fastapi import APIRouter, Query, Response

from leadersboard.api.dependencies import CallerDep, LanguageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.templates.schemas import TemplateView
from leadersboard.domain.errors import UnknownTemplate

router = APIRouter(prefix="/templates", tags=["templates"])


@router.get("", responses=documented(401))
def list_templates(caller: CallerDep, platform: PlatformDep, language: LanguageDep) -> list[TemplateView]:
    """List the templates, the simplest first."""
    return [TemplateView.of(template, language) for template in platform.templates.all()]


@router.get("/{name}", response_class=Response, responses=documented(401, 404))
def get_template(
    name: str,
    caller: CallerDep,
    platform: PlatformDep,
    file: Annotated[str | None, Query(max_length=200, description="One of its files; the first unless named.")] = None,
) -> Response:
    """Return a template's notebook, or one of its files."""
    template = platform.templates.get(name)
    if template is None or (file is not None and file not in template.files):
        raise UnknownTemplate(name=name[:100])
    chosen = file or template.files[0]
    media_type = "application/x-ipynb+json" if chosen.endswith(".ipynb") else guess_type(chosen)[0]
    headers = {"Content-Disposition": f'attachment; filename="{chosen}"', "X-Content-Type-Options": "nosniff"}
    return Response(platform.templates.read(template, chosen), media_type=media_type, headers=headers)
