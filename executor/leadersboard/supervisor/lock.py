"""One `leadersboard up` at a time for one `home`."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from leadersboard.settings import Settings


@contextmanager
def only_one(settings: Settings) -> Iterator[bool]:
    """Hold the lock of `home` and yield True, or yield False where another process holds it.

    The kernel lets go of it with the process, however that ends, so none is ever left behind.
    """
    descriptor = os.open(settings.run_root / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
