"""What the records say of workers and of the queue, in each kind of database."""

from datetime import timedelta

from leadersboard.adapters.sql import SqlRecords
from leadersboard.domain.job import Failure, JobEvent, Reason
from leadersboard.ports.monitoring import Counted, Mood, Standing, Waiting, WorkerState
from leadersboard.ports.records import Ending
from tests.conftest import SettableClock
from tests.contract.rows import add_job, claim, end


def test_jobs_are_counted_by_how_they_stand(records: SqlRecords, clock: SettableClock) -> None:
    first = clock.now()
    for job_id in ("failed", "cancelled", "runs"):
        add_job(records, clock, job_id)
    failed = claim(records, clock)
    assert failed is not None
    end(records, clock, failed, Ending(JobEvent.FAIL, failure=Failure(Reason.TIMEOUT, "x")))
    with records.writing() as transaction:
        transaction.jobs.request_cancel("cancelled", clock.now())
    assert claim(records, clock)
    waits_since = clock.now()
    add_job(records, clock, "waits")
    with records.reading() as transaction:
        figures = transaction.figures.take()
    assert {(one.status, one.reason, one.jobs) for one in figures.standing} == {
        ("failed", "timeout", 1),
        ("cancelled", None, 1),
        ("running", None, 1),
        ("pending", None, 1),
    }
    assert isinstance(figures.standing[0], Standing)
    assert list(figures.waiting) == [Waiting("small", 1, waits_since)]
    assert figures.by_stage == {"starting": 1}
    assert figures.oldest_unfinished == first + timedelta(seconds=2)
    assert (figures.unrecorded, figures.kept_bytes) == (1, 0)


def test_workers_say_how_they_are_and_are_forgotten(records: SqlRecords, clock: SettableClock) -> None:
    state = WorkerState("w", clock.now(), clock.now(), 2, 1, Mood.WORKING, {Counted.LEASES_KEPT: 3})
    other = WorkerState("v", clock.now(), clock.now() - timedelta(days=2), 1, 0)
    later = WorkerState(
        "w", clock.now(), clock.now() + timedelta(seconds=5), 2, 0, Mood.DRAINING, {Counted.ATTEMPTS: 9}
    )
    with records.writing() as transaction:
        for one in (state, other, later):
            transaction.workers.say(one)
    with records.writing() as transaction:
        assert transaction.workers.all() == [other, later]
        assert transaction.workers.forget(clock.now() - timedelta(days=1)) == 1
        assert transaction.workers.all() == [later]
        transaction.workers.leave("w")
        assert transaction.workers.all() == []


def test_the_first_run_that_is_adopted_is_the_jobs(records: SqlRecords, clock: SettableClock) -> None:
    add_job(records, clock, "j")
    with records.writing() as transaction:
        assert transaction.jobs.adopt_run("j", "first", instead_of=None) == "first"
        assert transaction.jobs.adopt_run("j", "second", instead_of=None) == "first"
        # What is gone from tracking is replaced, once.
        assert transaction.jobs.adopt_run("j", "third", instead_of="first") == "third"
        assert transaction.jobs.adopt_run("j", "fourth", instead_of="first") == "third"


def test_a_recorder_whose_clock_was_set_back_is_not_waited_for(records: SqlRecords, clock: SettableClock) -> None:
    add_job(records, clock, "j")
    job = claim(records, clock)
    assert job is not None
    end(records, clock, job, Ending(JobEvent.FAIL, failure=Failure(Reason.TIMEOUT, "x")))
    hold = timedelta(minutes=2)
    with records.writing() as transaction:
        assert (
            len(
                transaction.jobs.claim_unrecorded(
                    clock.now() + timedelta(days=1), clock.now() + timedelta(days=1) + hold, 5
                )
            )
            == 1
        )
    with records.writing() as transaction:
        assert len(transaction.jobs.claim_unrecorded(clock.now(), clock.now() + hold, 5)) == 1
        assert transaction.jobs.claim_unrecorded(clock.now(), clock.now() + hold, 5) == []
