"""Submits the notebook that the user saved, with its extra files, and asks for its run."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_leadersboard.errors import ApiUnexpected, InvalidRequest, NotebookChanged
from jupyterlab_leadersboard.handler import LeadersBoardHandler
from jupyterlab_leadersboard.multipart import Form, Part
from jupyterlab_leadersboard.proxy import checked_key

_MOST_FILES = 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be submitted: a saved notebook known by its SHA-256, extra files, and the config of its job."""

    path: str
    digest: str
    extra: tuple[str, ...]
    key: str
    config: dict[str, Any]


class SubmitHandler(LeadersBoardHandler):
    """`submit`: the same key again gives the same job, however often and at however many times at once."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        wish = self._wish()
        content = await self.files.read(wish.path)
        if await asyncio.to_thread(_digest, content) != wish.digest:
            raise NotebookChanged(path=wish.path)
        # All of them before the first byte is sent: a file that is not there is no reason to begin.
        for path in wish.extra:
            await self.files.check(path, "files")
        accepted = await self._send(wish, content)
        self.answer(await self._enqueue(wish, accepted), 202)

    def _wish(self) -> Wish:
        body = self.json_object()
        extra, config = body.get("files", []), body.get("config", {})
        if not isinstance(extra, list) or not all(isinstance(path, str) and path for path in extra):
            raise InvalidRequest("files", problem="'files' must be a list of paths")
        if len(extra) > _MOST_FILES:
            raise InvalidRequest("files", problem=f"'files' may hold {_MOST_FILES} paths")
        if not isinstance(config, dict):
            raise InvalidRequest(problem="'config' must be an object")
        path = self.text(body, "path").strip("/")
        others = tuple(dict.fromkeys(one.strip("/") for one in extra if one.strip("/") != path))
        key = checked_key(self.text(body, "idempotency_key"))
        return Wish(path, self.text(body, "hash").lower(), others, key, config)

    async def _send(self, wish: Wish, content: bytes) -> str:
        values = {"entrypoint": PurePosixPath(wish.path).name, "metadata": json.dumps({"source": "jupyterlab"})}
        form = Form(values, self._parts(wish, content))
        headers = {"Content-Type": form.content_type, "Idempotency-Key": wish.key}
        call = self.call("POST", "/submissions", headers=headers, content=form, read_seconds=self.api.patience.upload)
        return _named(await self.api.json(call), "submission_id")

    async def _parts(self, wish: Wish, content: bytes) -> AsyncIterator[Part]:
        yield Part("files", PurePosixPath(wish.path).name, content)
        folder = PurePosixPath(wish.path).parent
        for path in wish.extra:
            yield Part("files", _name_beside(folder, path), await self.files.read(path, "files"))

    async def _enqueue(self, wish: Wish, submission_id: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": wish.key}
        content = json.dumps({"submission_id": submission_id, "config": wish.config}).encode()
        answer = await self.api.json(self.call("POST", "/jobs", headers=headers, content=content))
        return {name: _named(answer, name) for name in ("job_id", "submission_id", "status")}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _name_beside(folder: PurePosixPath, path: str) -> str:
    """Return the name under which the notebook finds the file: as it lies below its folder, else beside it."""
    file = PurePosixPath(path)
    return str(file.relative_to(folder)) if file.is_relative_to(folder) else file.name


def _named(answer: Any, name: str) -> str:
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, str):
        raise ApiUnexpected
    return value
