"""The executed notebook on disk: always whole, never larger than it may be."""

from collections.abc import Callable
from pathlib import Path

from papermill.iorw import LocalHandler

SCHEME = "whole://"


class WholeFile(LocalHandler):
    """papermill's way to write paths that begin with `SCHEME`: beside the place, then put there in one step.

    What is longer than `limit`, in bytes, is not written, and `too_large` is told; the last good state stays.
    """

    def __init__(self, limit: int, too_large: Callable[[], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._limit = limit
        self._too_large = too_large

    def write(self, buf: str, path: str) -> None:
        # Half of a surrogate pair is good JSON, but no encoding takes it.
        content = buf.encode("utf-8", "replace")
        if len(content) > self._limit:
            self._too_large()
            return
        write_whole(Path(path.removeprefix(SCHEME)), content)


def write_whole(target: Path, content: bytes) -> None:
    """Write `content` so that whoever reads `target` finds the old state or the new one."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(target)
