"""The user's files, read and written through whatever contents manager the Jupyter server has."""

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from jupyter_core.utils import ensure_async
from tornado.web import HTTPError

from jupyterlab_leadersboard.errors import CannotWrite, FileTooLarge, NoSuchPath, UnreadableFile, UnreadableNotebook

FILE_BYTES = 100 * 1024 * 1024
_NOT_FOUND = 404


class UserFiles:
    """What the user sees in the file browser; hidden files are not among it unless the server shows them."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager

    async def check(self, path: str, field: str | None = None) -> None:
        """Make sure that `path` is a file that may be read and is not too large, without reading it.

        Raises:
            NoSuchPath, UnreadableFile, FileTooLarge
        """
        size = (await self._get(path, field, content=False)).get("size")
        if isinstance(size, int) and size > FILE_BYTES:
            raise FileTooLarge(field, path=path, limit_bytes=FILE_BYTES)

    async def read(self, path: str, field: str | None = None) -> bytes:
        """Return the bytes of the file at `path`, at most `FILE_BYTES`.

        Raises:
            NoSuchPath, UnreadableFile, FileTooLarge
        """
        await self.check(path, field)
        # As text a file could come back with other line ends or not at all; what is digested are its bytes.
        model = await self._get(path, field, content=True, format="base64")
        try:
            content = await asyncio.to_thread(_bytes_of, model)
        except (KeyError, AttributeError, ValueError, binascii.Error) as error:
            raise UnreadableFile(field, path=path) from error
        if len(content) > FILE_BYTES:
            raise FileTooLarge(field, path=path, limit_bytes=FILE_BYTES)
        return content

    async def read_notebook(self, path: str) -> dict[str, Any]:
        """Return the notebook at `path` as it lies there.

        Raises:
            UnreadableNotebook: it is none. Otherwise as `read`.
        """
        content = await self.read(path)
        try:
            notebook = await asyncio.to_thread(json.loads, content)
        except (ValueError, RecursionError) as error:
            raise UnreadableNotebook(path=path) from error
        if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
            raise UnreadableNotebook(path=path)
        return notebook

    async def check_folder(self, path: str) -> None:
        """Make sure that `path` is a folder the user sees; the empty path is the topmost one.

        Raises:
            NoSuchPath
        """
        try:
            there = await ensure_async(self._manager.dir_exists(path))
        except HTTPError as error:
            raise NoSuchPath(path=path) from error
        if not there or await self._is_hidden(path):
            raise NoSuchPath(path=path)

    async def add_notebook(self, folder: str, name: str, notebook: dict[str, Any]) -> str:
        """Write a new notebook and return its path: `name`, or with a number where that is taken.

        Raises:
            CannotWrite: nothing is left of it.
        """
        model = {"type": "notebook", "format": "json", "content": notebook}
        return await self._add(folder, name, [("", model)])

    async def add_folder(self, folder: str, name: str, files: Mapping[str, bytes]) -> str:
        """Write a new folder with `files` and return its path: `name`, or with a number where that is taken.

        Raises:
            CannotWrite: nothing is left of it.
        """
        models: list[tuple[str, dict[str, Any]]] = [("", {"type": "directory"})]
        for file, content in files.items():
            text = base64.b64encode(content).decode()
            models.append((f"/{file}", {"type": "file", "format": "base64", "content": text}))
        return await self._add(folder, name, models)

    async def _add(self, folder: str, name: str, models: Sequence[tuple[str, dict[str, Any]]]) -> str:
        # It gets its name when all of it is there, by a move, which does not overwrite.
        staging = _join(folder, f"{name}-{uuid4().hex[:12]}.incomplete")
        try:
            try:
                for below, model in models:
                    await ensure_async(self._manager.save(model, f"{staging}{below}"))
                path = _join(folder, await ensure_async(self._manager.increment_filename(name, folder, insert="-")))
                await ensure_async(self._manager.rename_file(staging, path))
            except BaseException:
                # A folder last: not every server removes one that holds something.
                for below, _ in reversed(models):
                    if await ensure_async(self._manager.exists(f"{staging}{below}")):
                        await ensure_async(self._manager.delete_file(f"{staging}{below}"))
                raise
        except (HTTPError, OSError) as error:
            raise CannotWrite(path=_join(folder, name)) from error
        return path

    async def _get(self, path: str, field: str | None, **how: Any) -> dict[str, Any]:
        try:
            # Not every contents manager looks at this itself; the server's own routes do it before they ask, too.
            hidden = await self._is_hidden(path)
            model: dict[str, Any] = await ensure_async(self._manager.get(path, type="file", **how))
        except HTTPError as error:
            kind = NoSuchPath if error.status_code == _NOT_FOUND else UnreadableFile
            raise kind(field, path=path) from error
        except (OSError, ValueError) as error:
            raise UnreadableFile(field, path=path) from error
        if hidden:
            raise NoSuchPath(field, path=path)
        return model

    async def _is_hidden(self, path: str) -> bool:
        if getattr(self._manager, "allow_hidden", False) or not path:
            return False
        return bool(await ensure_async(self._manager.is_hidden(path)))


def _bytes_of(model: dict[str, Any]) -> bytes:
    content: str = model["content"]
    return base64.b64decode(content) if model["format"] == "base64" else content.encode()


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
