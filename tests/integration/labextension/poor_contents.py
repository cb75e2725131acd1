"""A contents manager as others write them: it waits, is not atomic, checks little, and has no room left."""

import errno
from pathlib import Path
from typing import Any

from jupyter_server.services.contents.largefilemanager import LargeFileManager


class PoorContents(LargeFileManager):  # type: ignore[misc, unused-ignore]
    """Gives out hidden files to whoever asks; of what is longer than a few bytes it writes a beginning."""

    delete_to_trash = False

    def get(
        self,
        path: str,
        content: bool = True,
        type: str | None = None,
        format: str | None = None,
        require_hash: bool = False,
    ) -> dict[str, Any]:
        if self.is_hidden(path):
            return {"type": "file", "format": "text", "content": "hidden", "size": None}
        model: dict[str, Any] = super().get(path, content, type, format, require_hash)
        return model

    def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        if model["type"] == "directory" or len(str(model["content"])) < 1000:
            saved: dict[str, Any] = super().save(model, path)
            return saved
        Path(self.root_dir, path.strip("/")).write_text("half")
        raise OSError(errno.ENOSPC, "no space left on device")
