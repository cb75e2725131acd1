"""Notebooks before and after: what a form needs to know of one, and how one came out of its run."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_leadersboard.api import MIB
from jupyterlab_leadersboard.errors import ApiUnexpected, NoSuchRoute, ResultTooLarge
from jupyterlab_leadersboard.handler import LeadersBoardHandler
from jupyterlab_leadersboard.multipart import Form, Part
from jupyterlab_leadersboard.routes import readable

# As much as Lab opens without standing still.
_EXECUTED_BYTES = 64 * MIB
_JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# Of the document: a signature of another server, and the state of widgets, which is shown without being cleaned.
_NOT_TO_BE_TRUSTED = ("signature", "widgets")


class InspectHandler(LeadersBoardHandler):
    """`inspect`: which parameters a saved notebook takes, and which template it came from."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        path = self.text(self.json_object(), "path").strip("/")
        form = Form({}, _only(Part("file", PurePosixPath(path).name, await self.files.read(path))))
        headers = {"Content-Type": form.content_type}
        self.answer(await self.api.json(self.call("POST", "/notebooks/inspect", headers=headers, content=form)))


class ExecutedHandler(LeadersBoardHandler):
    """`executed/JOB`: the executed notebook as Lab opens it, with nothing in it that asks to be trusted."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        target = readable(f"jobs/{job_id}/notebook") if _JOB_ID.fullmatch(job_id) else None
        if target is None:
            raise NoSuchRoute
        try:
            _, content = await self.api.read(self.call("GET", target.path), _EXECUTED_BYTES)
        except ValueError as error:
            raise ResultTooLarge(limit_bytes=_EXECUTED_BYTES) from error
        body = await asyncio.to_thread(_distrusted, content)
        self.set_header("Cache-Control", "no-store")
        self.finish(body)


async def _only(part: Part) -> AsyncIterator[Part]:
    yield part


def _distrusted(content: bytes) -> bytes:
    """Return the notebook's JSON as an untrusted document.

    Raises:
        ApiUnexpected: it is not a notebook.
    """
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ApiUnexpected from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ApiUnexpected
    for cell in cells:
        _drop(cell.get("metadata"), "trusted")
    for name in _NOT_TO_BE_TRUSTED:
        _drop(notebook.get("metadata"), name)
    return json.dumps(notebook).encode()


def _drop(metadata: Any, name: str) -> None:
    if isinstance(metadata, dict):
        metadata.pop(name, None)
