"""What a job left: its files, its executed notebooks, its pictures."""

from collections.abc import Iterator
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Annotated, BinaryIO, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from leadersboard.api.dependencies import OwnJob, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.jobs.schemas import ArtifactView, FileList, FileView, Visualizations
from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import NoSuchFile
from leadersboard.domain.job import Job
from leadersboard.ports.storage import chunks_of

router = APIRouter(prefix="/jobs", tags=["files of jobs"])
NotebookFormat = Annotated[Literal["ipynb", "html"], Query(alias="format")]

EXECUTED = "executed.ipynb"
SCORING = "scoring/scoring.ipynb"
# Submitted code wrote these files. A browser may show them, but never run anything of them.
_HARMLESS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:;"
    " frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}
_SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "text/plain"})
_KINDS = {".png": "image", ".jpg": "image", ".jpeg": "image", ".tiff": "image", ".html": "page"}


@router.get("/{job_id}/files", responses=documented(401, 404))
def list_files(job: OwnJob, platform: PlatformDep, request: Request) -> FileList:
    """List what the job's last attempt left."""
    found = platform.outputs.listing(job.job_id, job.attempt)
    files = [FileView(name=file.name, size=file.size, url=_url(request, job, file.name)) for file in found]
    return FileList(job_id=job.job_id, files=files)


@router.get("/{job_id}/files/{name:path}", response_class=StreamingResponse, responses=documented(401, 404))
def get_file(name: str, job: OwnJob, platform: PlatformDep) -> StreamingResponse:
    """Return one file."""
    media_type = guess_type(name)[0] or "application/octet-stream"
    how = "inline" if media_type in _SHOWN_INLINE else "attachment"
    headers = {**_HARMLESS, "Content-Disposition": f"{how}; filename*=UTF-8''{quote(PurePosixPath(name).name)}"}
    if how == "attachment":
        media_type = "application/octet-stream"
    return StreamingResponse(_closing(_open(job, name, platform)), media_type=media_type, headers=headers)


@router.get("/{job_id}/notebook", response_class=Response, responses=documented(401, 404))
def get_notebook(job: OwnJob, platform: PlatformDep, form: NotebookFormat = "ipynb") -> Response:
    """Return the executed notebook, as far as it came."""
    return _notebook(job, EXECUTED, form, platform)


@router.get("/{job_id}/scoring-notebook", response_class=Response, responses=documented(401, 404))
def get_scoring_notebook(job: OwnJob, platform: PlatformDep, form: NotebookFormat = "ipynb") -> Response:
    """Return the executed scoring notebook, with its curves and heat maps."""
    return _notebook(job, SCORING, form, platform)


@router.get("/{job_id}/visualizations", responses=documented(401, 404))
def get_visualizations(job: OwnJob, platform: PlatformDep, request: Request) -> Visualizations:
    """List the pictures and tables among the job's files."""
    artifacts: list[ArtifactView] = []
    tables: list[ArtifactView] = []
    for file in platform.outputs.listing(job.job_id, job.attempt):
        suffix = PurePosixPath(file.name).suffix.lower()
        kind = "csv" if suffix == ".csv" else _KINDS.get(suffix)
        if kind is not None:
            view = ArtifactView(filename=file.name, artifact_type=kind, url=_url(request, job, file.name))
            (tables if kind == "csv" else artifacts).append(view)
    return Visualizations(job_id=job.job_id, artifacts=artifacts, csv_files=tables)


def _url(request: Request, job: Job, name: str) -> str:
    return str(request.url_for("get_file", job_id=job.job_id, name=name))


def _open(job: Job, name: str, platform: Platform) -> BinaryIO:
    source = platform.outputs.open(job.job_id, job.attempt, name)
    if source is None:
        raise NoSuchFile(job_id=job.job_id, name=name[:200])
    return source


def _closing(source: BinaryIO) -> Iterator[bytes]:
    with source:
        yield from chunks_of(source)


def _notebook(job: Job, name: str, form: str, platform: Platform) -> Response:
    with _open(job, name, platform) as source:
        content = source.read()
    if form == "html":
        return HTMLResponse(platform.notebooks.to_html(content), headers=_HARMLESS)
    headers = {**_HARMLESS, "Content-Disposition": f'attachment; filename="{PurePosixPath(name).name}"'}
    return Response(content, media_type="application/x-ipynb+json", headers=headers)
