"""Logs as one local file an attempt."""

import os
from contextlib import suppress
from pathlib import Path

# From the end of a log, this much at a time is looked through for line ends.
_BLOCK = 64 * 1024


class FileLogs:
    """The `Logs` port below `root`: `root/JOB/attempt-N.log`."""

    def __init__(self, root: str) -> None:
        self._root = Path(root)

    def append(self, job_id: str, attempt: int, text: str) -> None:
        path = self._root / job_id / f"attempt-{attempt:03d}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as log:
            log.write(text.encode("utf-8", "replace"))

    def tail(self, job_id: str, lines: int | None) -> str:
        if lines is None:
            return b"".join(path.read_bytes() for path in self._attempts(job_id)).decode("utf-8", "replace")
        found = b""
        for path in reversed(self._attempts(job_id)):
            found = _last_lines(path, lines - found.count(b"\n")) + found
            if found.count(b"\n") >= lines:
                break
        return found.decode("utf-8", "replace")

    def read_from(self, job_id: str, position: int) -> tuple[str, int]:
        pieces: list[bytes] = []
        skip = position
        for path in self._attempts(job_id):
            with path.open("rb") as log:
                size = os.fstat(log.fileno()).st_size
                if skip < size:
                    log.seek(skip)
                    pieces.append(log.read(size - skip))
                skip = max(0, skip - size)
        whole = b"".join(pieces)
        # A character whose last bytes are not written yet stays for the next reading.
        complete = whole[: _complete_length(whole)]
        return complete.decode("utf-8", "replace"), position + len(complete)

    def size(self, job_id: str) -> int:
        return sum(path.stat().st_size for path in self._attempts(job_id))

    def remove(self, job_id: str) -> None:
        for path in self._attempts(job_id):
            path.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            (self._root / job_id).rmdir()

    def _attempts(self, job_id: str) -> list[Path]:
        return sorted((self._root / job_id).glob("attempt-*.log"))


def _last_lines(path: Path, lines: int) -> bytes:
    if lines <= 0:
        return b""
    with path.open("rb") as log:
        position = log.seek(0, os.SEEK_END)
        found = b""
        while position > 0 and found.count(b"\n") <= lines:
            step = min(_BLOCK, position)
            position -= step
            log.seek(position)
            found = log.read(step) + found
    return b"".join(found.splitlines(keepends=True)[-lines:])


def _complete_length(data: bytes) -> int:
    """Return how many bytes of `data` are whole UTF-8 characters, given that it may break off within the last one."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            return len(data)
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) if back >= needed else len(data) - back
    return len(data)
