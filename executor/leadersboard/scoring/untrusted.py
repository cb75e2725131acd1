"""Reads files that a submission left. Nothing about them is believed before it is looked at."""

import os
import stat
from pathlib import Path

from leadersboard.scoring.refusal import PredictionsRefused


def read_file(path: Path, name: str, limit: int) -> bytes:
    """Return the content of the regular file `path`, called `name` in sentences. Links are not followed.

    Raises:
        FileNotFoundError
        PredictionsRefused: it is something else than a file, or has more than `limit` bytes.
    """
    # Non-blocking, because opening a named pipe would wait for somebody to write to it.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError:
        raise _no_file(name) from None
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        raise _no_file(name)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor has no path
        content = file.read(limit + 1) if about.st_size <= limit else b""
        if about.st_size > limit or len(content) > limit:
            raise PredictionsRefused(
                f"{name} has more than the {limit:,} bytes that it may have. Write only what the benchmark asks for.",
                f"{name} が上限の {limit:,} バイトを超えています。求められた内容だけを書き出してください。",
            )
        return content


def is_folder(path: Path) -> bool:
    """Return whether `path` is a folder; a link to one is none."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False


def exists(path: Path) -> bool:
    """Return whether there is anything at `path`, a link without a target included."""
    return os.path.lexists(path)


def shown(text: str) -> str:
    """Return `text` as a sentence may show it: short, on one line, with nothing invisible."""
    return ascii(text if len(text) <= 60 else f"{text[:60]}…") if not text.isprintable() else repr(text[:60])


def _no_file(name: str) -> PredictionsRefused:
    return PredictionsRefused(
        f"{name} is not a regular file. Write the file itself, not a link to it.",
        f"{name} が通常のファイルではありません。リンクではなく、ファイルそのものを書き出してください。",
    )
