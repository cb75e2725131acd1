"""Lets one at a time remove files or copy all of them: a backup must not miss what a pruning takes away under it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from leadersboard.settings import Settings


class Busy(Exception):
    """Somebody else is at it."""


@contextmanager
def maintenance(settings: Settings, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of this `home` while the context lasts; it goes with the process, however that ends.

    Raises:
        Busy: somebody else has it, and this was not to wait.
    """
    settings.home_path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.home_path / ".maintenance.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy from None
        yield
