"""Removes the folders of attempts that nobody carries out any more: what a worker that was killed has left."""

import logging
import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from leadersboard.domain.job import Job
from leadersboard.ports.records import Records

logger = logging.getLogger(__name__)
_FOLDER = re.compile(r"[0-9a-f]{32}-\d+")
_SOCKETS = re.compile(r"[0-9a-f]{12}[rs]\d+")


def folders_of(job: Job, scratch: Path, run_root: Path) -> tuple[Path, Path, Path]:
    """Return the folders of an attempt: its files, the sockets of its run, those of its scoring."""
    below = run_root / job.job_id[:12]
    return (
        scratch / f"{job.job_id}-{job.attempt}",
        below.with_name(f"{below.name}r{job.attempt}"),
        below.with_name(f"{below.name}s{job.attempt}"),
    )


def sweep(scratch: Path, run_root: Path, own: Collection[Job], *, records: Records) -> int:
    """Remove folders of attempts that are neither current nor among this worker's `own`; return how many there were.

    Folders are made after their job was claimed. So what is seen before the records are asked, and is not current in
    them, is over: even if its worker was only stopped, its words no longer count.
    """
    found = [*_matching(scratch, _FOLDER), *_matching(run_root, _SOCKETS)]
    if not found:
        return 0
    with records.reading() as transaction:
        running = transaction.jobs.running()
    current = {path for job in (*running, *own) for path in folders_of(job, scratch, run_root)}
    left = [path for path in found if path not in current]
    for path in left:
        shutil.rmtree(path, onerror=_tell)
    return len(left)


def _matching(folder: Path, name: re.Pattern[str]) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if name.fullmatch(path.name))


def _tell(_function: object, path: str, error: object) -> None:
    logger.warning("what a lost attempt has left at %s is not removed yet: %s", path, error)
