"""What organisers do to others' jobs and rows, with its line in the log, in each kind of database."""

import asyncio
from collections.abc import Mapping

import pytest
from sqlalchemy import Engine, text

from leadersboard.adapters.ed25519_signatures import Ed25519Signer
from leadersboard.adapters.sql import SqlRecords
from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.errors import InvalidReason, JobNotOver, NoRowToHide, ReasonTooLong, UnknownJob
from leadersboard.domain.job import Failure, Job, JobEvent, JobStatus, Reason, Result
from leadersboard.domain.quota import WINDOW, Quota
from leadersboard.domain.resources import ResourceClass
from leadersboard.ports.boards import Deed, LogEntry
from leadersboard.ports.records import Ending, RecordsUnavailable
from leadersboard.usecases.cancel_job import cancel_job
from leadersboard.usecases.enqueue_job import JobRules
from leadersboard.usecases.organise import REASON_LIMIT, Order, hide_row, run_again, show_row
from tests.conftest import SettableClock
from tests.contract.rows import add_job, charge, claim, completed, end, get

RULES = JobRules(Quota(50, 2), {"small": ResourceClass("small", 60, 1)}, "", 3)


class NoBenchmarks:
    """The `Benchmarks` port of an installation that has none."""

    def all(self) -> list[Benchmark]:
        return []

    def get(self, slug: str) -> Benchmark | None:
        return None


class Quiet:
    """The `Queue` and `Events` ports where nobody listens."""

    async def wake(self) -> None: ...

    async def publish(self, job_id: str) -> None: ...


@pytest.fixture
def job(records: SqlRecords, clock: SettableClock, sign: Ed25519Signer) -> Job:
    """A completed job of alice's."""
    add_job(records, clock, "j")
    claimed = claim(records, clock)
    assert claimed is not None
    assert end(records, clock, claimed, completed(claimed, sign, Result({"auroc": 0.5})))
    return get(records, "j")


def on_the_board(records: SqlRecords) -> list[str]:
    with records.reading() as transaction:
        return [entry.job_id for entry in transaction.jobs.board("b", "1")]


def log(records: SqlRecords) -> list[LogEntry]:
    with records.reading() as transaction:
        return list(transaction.boards.log(10))


def again(records: SqlRecords, clock: SettableClock, order: Order, key: str | None = None) -> Job:
    running = run_again(order, key, records=records, queue=Quiet(), benchmarks=NoBenchmarks(), clock=clock, rules=RULES)
    return asyncio.run(running)


def test_a_hidden_row_is_on_no_board_until_it_is_shown_again(
    records: SqlRecords, clock: SettableClock, job: Job
) -> None:
    hide_row(Order("olga", "j", "  trained on\nthe test images "), records=records, clock=clock)
    assert on_the_board(records) == []
    clock.advance(minutes=1)
    show_row(Order("olaf", "j"), records=records, clock=clock)
    assert on_the_board(records) == ["j"]
    entries = [(one.who, one.deed, one.job_id, one.reason) for one in log(records)]
    assert entries == [("olaf", Deed.SHOW, "j", ""), ("olga", Deed.HIDE, "j", "trained on the test images")]
    assert log(records)[0].at == clock.now()


def test_what_changes_nothing_is_not_logged(records: SqlRecords, clock: SettableClock, job: Job) -> None:
    show_row(Order("olga", "j"), records=records, clock=clock)
    assert log(records) == []


REFUSED: Mapping[str, tuple[Order, type[Exception]]] = {
    "no reason": (Order("olga", "j", " \n"), InvalidReason),
    "a reason without end": (Order("olga", "j", "x" * (REASON_LIMIT + 1)), ReasonTooLong),
    "a reason of control characters": (Order("olga", "j", "a\x00b"), ReasonTooLong),
    "half a character": (Order("olga", "j", "\ud800"), ReasonTooLong),
    "no such job": (Order("olga", "none", "why"), UnknownJob),
    "a job without a row": (Order("olga", "waits", "why"), NoRowToHide),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_row_is_not_hidden(case: str, records: SqlRecords, clock: SettableClock, job: Job) -> None:
    order, error = REFUSED[case]
    add_job(records, clock, "waits")
    with pytest.raises(error):
        hide_row(order, records=records, clock=clock)
    assert on_the_board(records) == ["j"]
    assert log(records) == []


def test_the_longest_reason_fits_into_every_entry(records: SqlRecords, clock: SettableClock, job: Job) -> None:
    hide_row(Order("o" * 200, "j", "理" * REASON_LIMIT), records=records, clock=clock)
    assert len(log(records)[0].reason) == REASON_LIMIT


def test_without_its_line_in_the_log_nothing_is_done(
    engine: Engine, records: SqlRecords, clock: SettableClock, job: Job
) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE organiser_log RENAME TO elsewhere"))
    with pytest.raises(Exception, match="organiser_log") as caught:
        hide_row(Order("olga", "j", "why"), records=records, clock=clock)
    assert not isinstance(caught.value, AssertionError)
    assert isinstance(caught.value, RecordsUnavailable) or engine.dialect.name == "postgresql"
    assert on_the_board(records) == ["j"]


def test_a_job_runs_again_in_its_users_name_at_no_cost(records: SqlRecords, clock: SettableClock, job: Job) -> None:
    charge(records, clock, "s1")
    config = {"resource_class": "small", "note": "kept"}
    add_job(records, clock, "k", config=config)
    taken = claim(records, clock)
    assert taken is not None
    end(records, clock, taken, Ending(JobEvent.FAIL, failure=Failure(Reason.NOTEBOOK_ERROR, "x")))
    new = again(records, clock, Order("olga", "k", "the disk was full"))
    assert (new.user_id, new.submission_id, new.config) == ("alice", "s1", config)
    assert get(records, new.job_id).status is JobStatus.PENDING
    with records.reading() as transaction:
        assert len(transaction.ledger.charged_since("alice", clock.now() - WINDOW, 10)) == 1
    (entry,) = log(records)
    assert (entry.deed, entry.job_id, entry.reason) == (Deed.RUN_AGAIN, "k", f"the disk was full → {new.job_id}")


def test_a_submission_whose_charge_was_given_back_runs_again_for_nothing(
    records: SqlRecords, clock: SettableClock
) -> None:
    add_job(records, clock, "j")
    charge(records, clock, "s1")
    taken = claim(records, clock)
    assert taken is not None
    end(records, clock, taken, Ending(JobEvent.FAIL, failure=Failure(Reason.PLATFORM_ERROR, "x")))
    again(records, clock, Order("olga", "j"))
    with records.reading() as transaction:
        assert transaction.ledger.charged_since("alice", clock.now() - WINDOW, 10) == []


def test_the_same_key_runs_a_job_again_once(records: SqlRecords, clock: SettableClock, job: Job) -> None:
    first = again(records, clock, Order("olga", "j"), "key")
    assert again(records, clock, Order("olga", "j"), "key").job_id == first.job_id
    assert again(records, clock, Order("olaf", "j"), "key").job_id != first.job_id
    assert len(log(records)) == 2


def test_a_job_that_is_not_over_is_not_run_again(records: SqlRecords, clock: SettableClock) -> None:
    add_job(records, clock, "j")
    with pytest.raises(JobNotOver):
        again(records, clock, Order("olga", "j"))
    with pytest.raises(UnknownJob):
        again(records, clock, Order("olga", "none"))
    assert log(records) == []


def test_cancelling_anothers_job_is_logged_once_and_ones_own_is_not(records: SqlRecords, clock: SettableClock) -> None:
    for job_id, user in (("of alice", "alice"), ("own", "olga")):
        add_job(records, clock, job_id, user)
        assert claim(records, clock)
    for job_id in ("of alice", "of alice", "own"):
        cancelling = cancel_job(job_id, "olga", True, records=records, events=Quiet(), clock=clock, reason="it hangs")
        job = asyncio.run(cancelling)
        assert job.cancel_requested_at is not None
    assert [(one.deed, one.job_id, one.reason) for one in log(records)] == [(Deed.CANCEL, "of alice", "it hangs")]


def test_everybodys_jobs_are_counted(records: SqlRecords, clock: SettableClock, job: Job) -> None:
    charge(records, clock, "s1")
    add_job(records, clock, "fails", "bob")
    failing = claim(records, clock)
    assert failing is not None
    end(records, clock, failing, Ending(JobEvent.FAIL, failure=Failure(Reason.TIMEOUT, "x")))
    first_waits = clock.now()
    for job_id in ("first", "last"):
        add_job(records, clock, job_id)
    long_ago, now = clock.now() - WINDOW, clock.now()
    with records.reading() as transaction:
        found = transaction.overview
        (line,) = found.lines()
        assert (line.resource_class, line.waiting, line.running, line.oldest) == ("small", 2, 0, first_waits)
        assert line.last is not None
        assert line.last.job_id == "last"
        (failure,) = found.failures(long_ago)
        assert (failure.reason, failure.jobs) == ("timeout", 1)
        assert found.failures(now) == []
        alice, bob = found.participants(long_ago, long_ago, 10)
        assert (alice.user_id, alice.charged, alice.waiting, alice.completed, alice.failed) == ("alice", 1, 2, 1, 0)
        assert (bob.user_id, bob.charged, bob.failed) == ("bob", 0, 1)
        assert [one.user_id for one in found.participants(long_ago, long_ago, 1)] == ["alice"]
        assert found.devices(long_ago) == {}
