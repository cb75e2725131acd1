"""Templates: start from one, and see what has become of it since."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_leadersboard.api import Api
from jupyterlab_leadersboard.compare import differences
from jupyterlab_leadersboard.errors import ApiUnexpected, NoTemplate, UnknownTemplate
from jupyterlab_leadersboard.handler import LeadersBoardHandler

_ABOUT = "leadersboard"


@dataclass(frozen=True, slots=True)
class Template:
    """A template as the API lists it; `files` holds at least one, of which the first counts."""

    name: str
    version: str
    kind: str
    title: str
    digest: str
    files: tuple[str, ...]


class TemplateHandler(LeadersBoardHandler):
    """What the routes about templates share."""

    async def known(self, name: str) -> Template | None:
        """Return the template of this name, as it is today."""
        listed = await self.api.json(self.call("GET", "/templates"))
        if not isinstance(listed, list):
            raise ApiUnexpected
        for one in listed:
            if isinstance(one, dict) and one.get("name") == name:
                return _template(one)
        return None

    async def content(self, template: Template, file: str) -> bytes:
        """Return one of the template's files, whole."""
        call = self.call("GET", f"/templates/{quote(template.name, safe='')}", query=[("file", file)])
        try:
            return (await self.api.read(call))[1]
        except ValueError as error:
            raise ApiUnexpected from error

    async def notebook(self, template: Template) -> tuple[dict[str, Any], str]:
        """Return the template's notebook, and the SHA-256 of its file."""
        content = await self.content(template, template.files[0])
        try:
            notebook = json.loads(content)
        except ValueError as error:
            raise ApiUnexpected from error
        if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
            raise ApiUnexpected
        return notebook, hashlib.sha256(content).hexdigest()


class StartHandler(TemplateHandler):
    """`start`: a copy of a template among the user's files. Nothing that is there already is touched."""

    def initialize(self, api: Api, one_at_a_time: asyncio.Lock) -> None:  # type: ignore[override]
        super().initialize(api)
        self._one_at_a_time = one_at_a_time

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body = self.json_object()
        name = self.text(body, "template", 200)
        directory = self.text(body, "directory").strip("/") if body.get("directory") else ""
        await self.files.check_folder(directory)
        template = await self.known(name)
        if template is None:
            raise UnknownTemplate(name=name)
        copy = self._copy_notebook if template.kind == "notebook" else self._copy_files
        self.answer({"path": await copy(template, directory)}, 201)

    async def _copy_notebook(self, template: Template, directory: str) -> str:
        notebook, digest = await self.notebook(template)
        about = _about(notebook)
        # The digest of what was copied: the list may be older than the file.
        about |= {"template": template.name, "template_version": template.version, "template_digest": digest}
        notebook.setdefault("metadata", {})[_ABOUT] = about
        # Between a name found free and the file of that name nobody else may find it free as well.
        async with self._one_at_a_time:
            return await self.files.add_notebook(directory, template.files[0], notebook)

    async def _copy_files(self, template: Template, directory: str) -> str:
        files = {file: await self.content(template, file) for file in template.files}
        async with self._one_at_a_time:
            folder = await self.files.add_folder(directory, template.name, files)
        return f"{folder}/{'main.py' if 'main.py' in files else template.files[0]}"


class OriginHandler(TemplateHandler):
    """`origin?path=`: which template a notebook came from, and whether that is still the same."""

    _track_activity = False

    @web.authenticated
    @authorized
    async def get(self) -> None:
        about = await self._started_from(self.get_query_argument("path").strip("/"))
        name = about.get("template")
        template = await self.known(name) if isinstance(name, str) else None
        if template is None:
            self.set_status(204)
            self.finish()
            return
        started, digest = about.get("template_version"), about.get("template_digest")
        changed = digest != template.digest if isinstance(digest, str) else str(started) != template.version
        self.answer(
            {
                "template": template.name,
                "title": template.title,
                "version": template.version,
                "started_version": None if started is None else str(started)[:200],
                "changed": changed,
            }
        )

    async def _started_from(self, path: str) -> dict[str, Any]:
        return _about(await self.files.read_notebook(path)) if path.endswith(".ipynb") else {}


class CompareHandler(TemplateHandler):
    """`compare?path=`: the way from the user's notebook to its template as it is today, cell by cell."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        path = self.get_query_argument("path").strip("/")
        own = await self.files.read_notebook(path)
        name = _about(own).get("template")
        template = await self.known(name) if isinstance(name, str) else None
        if template is None or template.kind != "notebook":
            raise NoTemplate(path=path)
        today, _ = await self.notebook(template)
        cells = await asyncio.to_thread(differences, own["cells"], today["cells"])
        self.answer({"title": template.title, "cells": cells})


def _template(listed: dict[str, Any]) -> Template:
    texts = {name: listed.get(name) for name in ("name", "version", "kind", "title", "digest")}
    files = listed.get("files")
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(files, list) or not files:
        raise ApiUnexpected
    # They become names in the user's folder.
    if not all(isinstance(file, str) and PurePosixPath(file).name == file and file[0] != "." for file in files):
        raise ApiUnexpected
    return Template(**{name: str(text) for name, text in texts.items()}, files=tuple(files))


def _about(notebook: dict[str, Any]) -> dict[str, Any]:
    metadata = notebook.get("metadata")
    about = metadata.get(_ABOUT) if isinstance(metadata, dict) else None
    return dict(about) if isinstance(about, dict) else {}
