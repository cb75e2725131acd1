"""Submissions and jobs in the records, for tests of what the records promise."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from leadersboard.adapters.sql import SqlRecords
from leadersboard.domain.job import Job, JobEvent, JobStatus, Result
from leadersboard.domain.parameters import Parameter
from leadersboard.domain.quota import Charge, ChargedFor
from leadersboard.domain.signature import Receipt, Sign, Statement
from leadersboard.domain.submission import StoredFile, Submission
from leadersboard.ports.records import Claim, Ending
from tests.conftest import SettableClock


def submission(clock: SettableClock, number: int = 1, user: str = "alice", **more: Any) -> Submission:
    return Submission(
        submission_id=f"s{number}",
        user_id=user,
        created_at=clock.now(),
        entrypoint="nb.ipynb",
        config_file="config.yaml",
        files=(StoredFile("nb.ipynb", 3, "ab"),),
        digest=f"digest{number}",
        metadata={"method": "padim", "名前": [1, None]},
        parameters=(Parameter("a", 1, (1, 2), "help"),),
        **more,
    )


def add_job(records: SqlRecords, clock: SettableClock, job_id: str, user: str = "alice", **more: Any) -> Job:
    job = Job(job_id, "s1", user, "small", clock.now(), clock.now(), benchmark="b", benchmark_version="1", **more)
    with records.writing() as transaction:
        if transaction.submissions.get("s1") is None:
            transaction.submissions.add(submission(clock))
        transaction.jobs.add(job)
    clock.advance(seconds=1)
    return job


def claim(records: SqlRecords, clock: SettableClock, worker: str = "w", cap: int = 10) -> Job | None:
    now = clock.now()
    with records.writing() as transaction:
        return transaction.jobs.claim_next(Claim(worker, ["small"], now, now + timedelta(seconds=15), cap))


def get(records: SqlRecords, job_id: str) -> Job:
    with records.reading() as transaction:
        job = transaction.jobs.get(job_id)
    assert job is not None
    return job


def end(records: SqlRecords, clock: SettableClock, job: Job, ending: Ending) -> bool:
    with records.writing() as transaction:
        return transaction.jobs.end(job.job_id, job.attempt, ending, clock.now())


def race(*racers: Callable[[], None]) -> None:
    """Run all of `racers` at the same time, and raise what any of them raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(racers))

    def run(racer: Callable[[], None]) -> None:
        start.wait()
        try:
            racer()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(racer,)) for racer in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def completed(job: Job, sign: Sign, result: Result, **changed: Any) -> Ending:
    """Return the ending of a job with a result that is signed, of a statement in which some fields are `changed`."""
    stated: dict[str, Any] = {
        "job_id": job.job_id,
        "user_id": job.user_id,
        "submission_digest": "digest1",
        "benchmark": job.benchmark,
        "benchmark_version": job.benchmark_version,
        "result": result,
    }
    return Ending(JobEvent.COMPLETE, result=result, receipt=Receipt.of(Statement(**{**stated, **changed}), sign))


def charge(records: SqlRecords, clock: SettableClock, submission_id: str, user: str = "alice") -> None:
    with records.writing() as transaction:
        transaction.ledger.charge(user, Charge(submission_id, clock.now(), ChargedFor.SUBMISSION))


def status_of(records: SqlRecords, job_id: str) -> JobStatus:
    return get(records, job_id).status
