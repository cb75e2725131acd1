"""The quota's ledger: what is charged, what is given back and why, and that no race goes past the limit."""

from datetime import timedelta

import pytest

from leadersboard.adapters.sql import SqlRecords
from leadersboard.domain.errors import SubmissionQuotaExceeded
from leadersboard.domain.job import Failure, Job, JobEvent, Reason, Result
from leadersboard.domain.quota import WINDOW, Charge, ChargedFor, Quota, ReturnedFor
from leadersboard.ports.records import Ending, Page
from leadersboard.usecases.charges import charge_anew, count_charges
from tests.conftest import SettableClock
from tests.contract.rows import add_job, charge, claim, end, get, race, submission

QUOTA = Quota(submissions_per_hour=5)


def entries(records: SqlRecords) -> list[Charge]:
    with records.reading() as transaction:
        return list(transaction.ledger.entries("alice", 100))


def used(records: SqlRecords, clock: SettableClock) -> int:
    with records.reading() as transaction:
        return len(transaction.ledger.charged_since("alice", clock.now() - WINDOW, 100))


def run(records: SqlRecords, clock: SettableClock, job_id: str) -> Job:
    add_job(records, clock, job_id)
    claimed = claim(records, clock)
    assert claimed is not None
    return claimed


def failed(reason: Reason) -> Ending:
    return Ending(JobEvent.FAIL, failure=Failure(reason, "x"))


def test_fifty_submissions_at_once_at_the_edge_give_exactly_the_limit(
    records: SqlRecords, clock: SettableClock
) -> None:
    refused = []

    def submit(number: int) -> None:
        try:
            with records.writing() as transaction:
                transaction.ledger.lock_user("alice")
                count_charges("alice", transaction, clock.now(), QUOTA)
                transaction.submissions.add(submission(clock, number))
                transaction.ledger.charge("alice", Charge(f"s{number}", clock.now(), ChargedFor.SUBMISSION))
        except SubmissionQuotaExceeded:
            refused.append(number)

    race(*[lambda number=number: submit(number) for number in range(50)])  # type: ignore[misc]
    with records.reading() as transaction:
        assert transaction.submissions.page("alice", Page()).total == 5
    assert (len(refused), len(entries(records))) == (45, 5)


def test_what_is_given_back_makes_room_and_says_why(records: SqlRecords, clock: SettableClock) -> None:
    charge(records, clock, "s1")
    charged_at = clock.now()
    job = run(records, clock, "j")
    assert used(records, clock) == 1
    end(records, clock, job, failed(Reason.PLATFORM_ERROR))
    assert used(records, clock) == 0
    assert entries(records) == [
        Charge("s1", charged_at, ChargedFor.SUBMISSION, 1, clock.now(), ReturnedFor.PLATFORM_FAULT, "j")
    ]


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (Reason.PLATFORM_ERROR, ReturnedFor.PLATFORM_FAULT),
        (Reason.SCORING_ERROR, ReturnedFor.SCORING_FAULT),
        (Reason.NOTEBOOK_ERROR, None),
        (Reason.TIMEOUT, None),
        (Reason.OUT_OF_MEMORY, None),
        (Reason.KERNEL_DIED, None),
        (Reason.INVALID_OUTPUT, None),
    ],
)
def test_only_failures_that_are_not_the_participants_are_given_back(
    reason: Reason, why: ReturnedFor | None, records: SqlRecords, clock: SettableClock
) -> None:
    charge(records, clock, "s1")
    end(records, clock, run(records, clock, "j"), failed(reason))
    (entry,) = entries(records)
    assert entry.returned_for is why


def test_a_job_cancelled_before_its_start_costs_nothing_and_a_running_one_does(
    records: SqlRecords, clock: SettableClock
) -> None:
    charge(records, clock, "s1")
    add_job(records, clock, "waits")
    with records.writing() as transaction:
        transaction.jobs.request_cancel("waits", clock.now())
    assert [entry.returned_for for entry in entries(records)] == [ReturnedFor.CANCELLED_BEFORE_START]

    charge(records, clock, "s1")
    running = run(records, clock, "runs")
    with records.writing() as transaction:
        transaction.jobs.request_cancel("runs", clock.now())
    end(records, clock, running, Ending(JobEvent.STOP))
    assert entries(records)[0].returned_for is None


def test_a_job_given_up_because_its_workers_died_is_given_back(records: SqlRecords, clock: SettableClock) -> None:
    charge(records, clock, "s1")
    run(records, clock, "j")
    clock.advance(seconds=60)
    with records.writing() as transaction:
        (lost,) = transaction.jobs.running()
        failure = Failure(Reason.PLATFORM_ERROR, "x")
        assert transaction.jobs.take_back(lost, JobEvent.GIVE_UP, failure, clock.now())
    assert entries(records)[0].returned_for is ReturnedFor.PLATFORM_FAULT


def test_a_job_waiting_again_after_its_worker_died_may_be_cancelled_for_nothing(
    records: SqlRecords, clock: SettableClock
) -> None:
    charge(records, clock, "s1")
    run(records, clock, "j")
    clock.advance(seconds=60)
    with records.writing() as transaction:
        (lost,) = transaction.jobs.running()
        assert transaction.jobs.take_back(lost, JobEvent.RELEASE, None, clock.now())
    assert used(records, clock) == 1
    with records.writing() as transaction:
        transaction.jobs.request_cancel("j", clock.now())
    assert entries(records)[0].returned_for is ReturnedFor.CANCELLED_BEFORE_START


def test_a_submission_with_another_job_that_counts_is_not_given_back(records: SqlRecords, clock: SettableClock) -> None:
    charge(records, clock, "s1")
    end(records, clock, run(records, clock, "good"), Ending(JobEvent.COMPLETE, result=Result({"a": 1.0})))
    end(records, clock, run(records, clock, "bad"), failed(Reason.PLATFORM_ERROR))
    assert used(records, clock) == 1


def test_two_jobs_of_a_submission_that_end_at_once_for_nothing_are_given_back(
    records: SqlRecords, clock: SettableClock
) -> None:
    for number in range(10):
        charge(records, clock, "s1")
        first, second = run(records, clock, f"a{number}"), run(records, clock, f"b{number}")
        race(
            lambda job=first: end(records, clock, job, failed(Reason.PLATFORM_ERROR)),  # type: ignore[misc]
            lambda job=second: end(records, clock, job, failed(Reason.PLATFORM_ERROR)),  # type: ignore[misc]
        )
        assert used(records, clock) == 0


def test_running_what_was_given_back_is_charged_again(records: SqlRecords, clock: SettableClock) -> None:
    charge(records, clock, "s1")
    add_job(records, clock, "j")
    owner = get(records, "j")

    def charge_again() -> None:
        with records.writing() as transaction:
            kept = transaction.submissions.get(owner.submission_id)
            assert kept is not None
            charge_anew(kept, transaction, clock.now(), Quota(1, 1))

    charge_again()
    assert len(entries(records)) == 1
    with records.writing() as transaction:
        transaction.jobs.request_cancel("j", clock.now())
    charge_again()
    assert [entry.charged_for for entry in entries(records)] == [ChargedFor.ANOTHER_JOB, ChargedFor.SUBMISSION]
    with records.writing() as transaction:
        transaction.ledger.charge("alice", Charge("s2", clock.now(), ChargedFor.SUBMISSION))
    add_job(records, clock, "k")
    with records.writing() as transaction:
        transaction.jobs.request_cancel("k", clock.now())
    with pytest.raises(SubmissionQuotaExceeded):
        charge_again()


def test_the_window_slides(records: SqlRecords, clock: SettableClock) -> None:
    charge(records, clock, "s1")
    clock.advance(minutes=59)
    assert used(records, clock) == 1
    clock.time += timedelta(minutes=1)
    assert used(records, clock) == 0
