"""Removes what ended jobs have left, the oldest first: past an age, past a size, or where the disk is short of room.

Results, failures and what tracking holds stay, and so do submissions: they are what results are of.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadersboard.domain.retention import RetentionRules
from leadersboard.ports.clock import Clock
from leadersboard.ports.logs import Logs
from leadersboard.ports.records import Records
from leadersboard.ports.retention import KeptJob
from leadersboard.ports.storage import JobFiles, SubmissionFiles

logger = logging.getLogger(__name__)
_BATCH = 50
# No upload takes so long.
UNCLAIMED_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where the files are, and how much room there is."""

    records: Records
    submissions: SubmissionFiles
    outputs: JobFiles
    logs: Logs
    clock: Clock
    free_bytes: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many jobs gave up their files, and how large those were."""

    jobs: int
    bytes: int


def prune(rules: RetentionRules, shelves: Shelves) -> Pruned:
    """Remove files of ended jobs until `rules` hold, or nothing is left that may be removed.

    Jobs that wait, run, or are not recorded yet keep theirs. Two that prune at once do each other no harm.
    """
    _measure(shelves)
    jobs = size = 0
    for job in _to_prune(rules, shelves):
        shelves.outputs.remove(job.job_id)
        shelves.logs.remove(job.job_id)
        with shelves.records.writing() as transaction:
            # The word after the deed: whoever dies in between does it again, and nothing is left lying about.
            transaction.retention.pruned(job.job_id, shelves.clock.now())
        jobs, size = jobs + 1, size + (job.size or 0)
    if jobs:
        logger.info("files of %d jobs were removed, %d bytes", jobs, size)
    return Pruned(jobs, size)


def _measure(shelves: Shelves) -> None:
    while batch := _ask_unmeasured(shelves):
        sizes = {job.job_id: shelves.outputs.size(job.job_id) + shelves.logs.size(job.job_id) for job in batch}
        with shelves.records.writing() as transaction:
            for job_id, size in sizes.items():
                transaction.retention.measured(job_id, size)


def _ask_unmeasured(shelves: Shelves) -> list[KeptJob]:
    with shelves.records.reading() as transaction:
        return list(transaction.retention.unmeasured(_BATCH))


def _to_prune(rules: RetentionRules, shelves: Shelves) -> Iterator[KeptJob]:
    """Yield the oldest job with files again and again, as long as a rule is broken; each is pruned in between."""
    now: datetime = shelves.clock.now()
    while True:
        with shelves.records.reading() as transaction:
            oldest = transaction.retention.oldest(_BATCH)
            kept = transaction.retention.kept_bytes()
        for job in oldest:
            if not _is_too_much(rules, job, kept, now, shelves):
                return
            yield job
            kept -= job.size or 0
        if not oldest:
            return


def _is_too_much(rules: RetentionRules, job: KeptJob, kept: int, now: datetime, shelves: Shelves) -> bool:
    if rules.max_age is not None and job.finished_at < now - rules.max_age:
        return True
    if rules.max_bytes is not None and kept > rules.max_bytes:
        return True
    return rules.floor_bytes > 0 and shelves.free_bytes() < rules.floor_bytes


def remove_unclaimed(older_than: timedelta, shelves: Shelves) -> int:
    """Remove uploads that never became submissions, because the API died on the way; return how many there were."""
    left = shelves.submissions.older_than(shelves.clock.now() - older_than)
    with shelves.records.reading() as transaction:
        unclaimed = transaction.retention.without_row(left)
    for submission_id in unclaimed:
        shelves.submissions.remove(submission_id)
    return len(unclaimed) + shelves.submissions.remove_incoming(shelves.clock.now() - older_than)
