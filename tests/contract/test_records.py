"""What the records promise, on every database that they can be kept in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from leadersboard.adapters.sql import SqlRecords, migrate
from leadersboard.adapters.sql.tables import metadata
from leadersboard.domain.job import Failure, JobEvent, JobStatus, Reason, Result, Stage
from leadersboard.domain.signature import Sign
from leadersboard.ports.records import Ending, JobFilter, LeaseState, Page, Progress
from tests.conftest import SettableClock
from tests.contract.rows import add_job, claim, completed, end, get, race, submission


def test_the_migrations_build_the_tables_of_this_version(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_submission_comes_back_as_it_went_in(records: SqlRecords, clock: SettableClock) -> None:
    kept = submission(clock, idempotency_key="k")
    with records.writing() as transaction:
        transaction.submissions.add(kept)
    with records.reading() as transaction:
        assert transaction.submissions.get("s1") == kept
        assert transaction.submissions.with_key("alice", "k") == kept
        assert transaction.submissions.with_key("bob", "k") is None


def test_a_transaction_that_fails_changes_nothing(records: SqlRecords, clock: SettableClock) -> None:
    with pytest.raises(LookupError), records.writing() as transaction:
        transaction.submissions.add(submission(clock))
        raise LookupError
    with records.reading() as transaction:
        assert transaction.submissions.get("s1") is None


def test_a_job_goes_its_whole_way(records: SqlRecords, clock: SettableClock) -> None:
    add_job(records, clock, "j", parameters={"a": 1}, config={"x": [1]})
    claimed = claim(records, clock)
    assert claimed is not None
    assert (claimed.status, claimed.attempt, claimed.stage) == (JobStatus.RUNNING, 1, Stage.STARTING)
    with records.writing() as transaction:
        progress = Progress(stage=Stage.EXECUTING, cell=2, cells=5, device="cpu")
        assert transaction.jobs.note_progress("j", 1, progress, clock.now())
    result = Result({"auroc": 0.5}, {"auroc": (0.4, 0.6)}, {"die": {"auroc": 0.5}}, {"own": 1.0}, {"p": "q"})
    assert end(records, clock, claimed, Ending(JobEvent.COMPLETE, result=result, peak_memory_bytes=5))
    job = get(records, "j")
    assert (job.status, job.result, job.peak_memory_bytes) == (JobStatus.COMPLETED, result, 5)
    assert (job.stage, job.lease_expires_at, job.finished_at) == (None, None, clock.now())
    assert (job.parameters, job.config) == ({"a": 1}, {"x": [1]})


def test_a_failure_comes_back_whole(records: SqlRecords, clock: SettableClock) -> None:
    add_job(records, clock, "j")
    claimed = claim(records, clock)
    assert claimed is not None
    failure = Failure(Reason.TIMEOUT, "too long", "長い", 3, "E", "trace", "hint", "ヒント", 7)
    assert end(records, clock, claimed, Ending(JobEvent.FAIL, failure=failure))
    assert get(records, "j").failure == failure


def test_words_of_submitted_code_that_are_no_text_can_be_kept_and_answered(
    records: SqlRecords, clock: SettableClock
) -> None:
    add_job(records, clock, "j")
    claimed = claim(records, clock)
    assert claimed is not None
    failure = Failure(Reason.NOTEBOOK_ERROR, "half \ud800", traceback="\udfff\x00")
    assert end(records, clock, claimed, Ending(JobEvent.FAIL, failure=failure))
    kept = get(records, "j").failure
    assert kept is not None
    assert (kept.sentence, kept.traceback) == ("half ?", "?\x00")


def test_a_stale_attempt_changes_nothing(records: SqlRecords, clock: SettableClock) -> None:
    add_job(records, clock, "j")
    first = claim(records, clock)
    assert first is not None
    clock.advance(seconds=20)
    with records.writing() as transaction:
        (lost,) = transaction.jobs.running()
        assert transaction.jobs.take_back(lost, JobEvent.RELEASE, None, clock.now())
    second = claim(records, clock, "other")
    assert second is not None
    assert second.attempt == 2
    with records.writing() as transaction:
        assert not transaction.jobs.note_progress("j", 1, Progress(cell=9, cells=9), clock.now())
        assert transaction.jobs.renew_lease("j", 1, clock.now(), clock.now()) is LeaseState.LOST
    assert not end(records, clock, first, Ending(JobEvent.COMPLETE, result=Result({"auroc": 1.0})))
    job = get(records, "j")
    assert (job.status, job.attempt, job.cell, job.result) == (JobStatus.RUNNING, 2, None, None)


def test_a_lease_that_was_renewed_is_not_taken_back(records: SqlRecords, clock: SettableClock) -> None:
    add_job(records, clock, "j")
    assert claim(records, clock)
    clock.advance(seconds=20)
    with records.writing() as transaction:
        (lost,) = transaction.jobs.running()
    with records.writing() as transaction:
        assert transaction.jobs.renew_lease("j", 1, clock.now(), clock.now() + timedelta(seconds=15)) is LeaseState.KEPT
    with records.writing() as transaction:
        assert not transaction.jobs.take_back(lost, JobEvent.RELEASE, None, clock.now())


def test_a_job_that_is_handed_back_has_not_used_up_an_attempt(records: SqlRecords, clock: SettableClock) -> None:
    add_job(records, clock, "j", max_attempts=1)
    claimed = claim(records, clock)
    assert claimed is not None
    assert end(records, clock, claimed, Ending(JobEvent.RELEASE, counts=False))
    job = get(records, "j")
    assert (job.status, job.attempt, job.max_attempts) == (JobStatus.PENDING, 1, 2)


def test_cancelling_ends_a_waiting_job_and_asks_for_the_end_of_a_running_one(
    records: SqlRecords, clock: SettableClock
) -> None:
    add_job(records, clock, "waits")
    add_job(records, clock, "runs")
    with records.writing() as transaction:
        withdrawn = transaction.jobs.request_cancel("waits", clock.now())
    assert withdrawn is not None
    assert withdrawn.status is JobStatus.CANCELLED
    running = claim(records, clock)
    assert running is not None
    with records.writing() as transaction:
        asked = transaction.jobs.request_cancel("runs", clock.now())
        assert asked is not None
        assert (asked.status, asked.cancel_requested_at) == (JobStatus.RUNNING, clock.now())
        later = clock.now() + timedelta(seconds=15)
        assert transaction.jobs.renew_lease("runs", 1, clock.now(), later) is LeaseState.CANCEL_REQUESTED
    assert end(records, clock, running, Ending(JobEvent.STOP))
    assert get(records, "runs").status is JobStatus.CANCELLED


def test_a_job_is_claimed_by_one_of_many_workers(records: SqlRecords, clock: SettableClock) -> None:
    for number in range(3):
        add_job(records, clock, f"j{number}")
    claimed: list[str] = []

    def worker() -> None:
        job = claim(records, clock)
        if job is not None:
            claimed.append(job.job_id)

    race(*[worker] * 8)
    while (job := claim(records, clock)) is not None:
        claimed.append(job.job_id)
    assert sorted(claimed) == ["j0", "j1", "j2"]


def test_users_take_turns_and_nobody_passes_their_cap(records: SqlRecords, clock: SettableClock) -> None:
    for number in range(3):
        add_job(records, clock, f"a{number}", "alice")
    add_job(records, clock, "b0", "bob")
    order = []
    for _ in range(4):
        job = claim(records, clock, cap=2)
        order.append(job.job_id if job else None)
        clock.advance(seconds=1)
    assert order == ["a0", "b0", "a1", None]


def test_an_ended_job_is_recorded_by_one_recorder_at_a_time(records: SqlRecords, clock: SettableClock) -> None:
    add_job(records, clock, "j")
    add_job(records, clock, "never-ran")
    claimed = claim(records, clock)
    assert claimed is not None
    end(records, clock, claimed, Ending(JobEvent.COMPLETE, result=Result()))
    with records.writing() as transaction:
        transaction.jobs.request_cancel("never-ran", clock.now())
    hold = timedelta(minutes=1)

    def unrecorded() -> list[str]:
        with records.writing() as transaction:
            found = transaction.jobs.claim_unrecorded(clock.now(), clock.now() + hold, 10)
            return [job.job_id for job in found]

    assert unrecorded() == ["j"]
    assert unrecorded() == []
    clock.advance(minutes=2)
    assert unrecorded() == ["j"]
    with records.writing() as transaction:
        transaction.jobs.mark_recorded("j", "run", clock.now())
    clock.advance(minutes=2)
    assert unrecorded() == []
    assert get(records, "j").run_id == "run"


def test_the_board_holds_completed_jobs_of_one_version(records: SqlRecords, clock: SettableClock, sign: Sign) -> None:
    for number in range(3):
        add_job(records, clock, f"j{number}")
    first, second = claim(records, clock), claim(records, clock)
    assert first is not None
    assert second is not None
    end(records, clock, first, completed(first, sign, Result({"auroc": 0.5})))
    end(records, clock, second, Ending(JobEvent.FAIL, failure=Failure(Reason.TIMEOUT, "x")))
    with records.reading() as transaction:
        (entry,) = transaction.jobs.board("b", "1")
        assert transaction.jobs.board("b", "2") == []
    assert (entry.job_id, entry.metrics, entry.method) == ("j0", {"auroc": 0.5}, "padim")


def test_lists_are_filtered_and_paged_newest_first(records: SqlRecords, clock: SettableClock) -> None:
    for number in range(5):
        add_job(records, clock, f"j{number}", "alice" if number % 2 else "bob")
    claim(records, clock)
    with records.reading() as transaction:
        found = transaction.jobs.page(JobFilter(user_id="bob"), Page(limit=2, offset=1))
        running = transaction.jobs.page(JobFilter(status=JobStatus.RUNNING), Page())
    assert ([job.job_id for job in found.items], found.total) == (["j2", "j0"], 3)
    assert [job.job_id for job in running.items] == ["j0"]
    assert replace(running.items[0], worker=None).worker is None
