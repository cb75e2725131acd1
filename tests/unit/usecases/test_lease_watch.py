"""When a worker is taken for gone: by what is seen of its lease, whatever the clocks say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from leadersboard.domain.job import Job, JobStatus
from leadersboard.usecases.reconcile import LeaseWatch

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
LEASE = 15.0


def running(job_id: str = "j", attempt: int = 1, lease: datetime = NOON) -> Job:
    return Job(
        job_id, "s", "alice", "small", NOON, NOON, status=JobStatus.RUNNING, attempt=attempt, lease_expires_at=lease
    )


def test_a_lease_that_is_not_renewed_for_as_long_as_it_lasts_is_lost() -> None:
    watch, job = LeaseWatch(LEASE), running()
    assert [second for second in range(0, 20, 2) if watch.lost([job], second)] == [16, 18]


def test_a_lease_that_changes_is_kept_whatever_time_it_names() -> None:
    watch = LeaseWatch(LEASE)
    for second in range(0, 120, 2):
        # The worker's clock is set back an hour, and on again, and is days behind.
        shifted = NOON - timedelta(days=9, hours=second % 4, seconds=-second)
        assert watch.lost([running(lease=shifted)], second) == []


def test_a_lease_that_ran_out_by_the_clock_is_given_its_time() -> None:
    watch = LeaseWatch(LEASE)
    assert watch.lost([running(lease=NOON - timedelta(days=1))], 1000.0) == []


def test_a_new_attempt_is_watched_anew() -> None:
    watch = LeaseWatch(LEASE)
    for second in range(0, 15, 2):
        assert watch.lost([running()], second) == []
    assert watch.lost([running(attempt=2)], 16) == []
    assert watch.lost([running(attempt=2)], 20) == []


def test_time_in_which_nobody_could_look_counts_for_little() -> None:
    watch, job = LeaseWatch(LEASE), running()
    watch.lost([job], 0)
    assert watch.lost([job], 600) == []
    assert watch.lost([replace(job, lease_expires_at=NOON + timedelta(seconds=600))], 602) == []


def test_jobs_are_told_apart() -> None:
    watch = LeaseWatch(LEASE)
    for second in range(0, 20, 2):
        lost = watch.lost([running("dead"), running("alive", lease=NOON + timedelta(seconds=second))], second)
    assert [job.job_id for job in lost] == ["dead"]
