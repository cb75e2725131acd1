"""The state machine, whole: every status with every event."""

import itertools

import pytest

from leadersboard.domain.job import FINAL, TRANSITIONS, JobEvent, JobStatus, after, source_of

ALLOWED = {
    (JobStatus.PENDING, JobEvent.CLAIM): JobStatus.RUNNING,
    (JobStatus.PENDING, JobEvent.WITHDRAW): JobStatus.CANCELLED,
    (JobStatus.RUNNING, JobEvent.RELEASE): JobStatus.PENDING,
    (JobStatus.RUNNING, JobEvent.GIVE_UP): JobStatus.FAILED,
    (JobStatus.RUNNING, JobEvent.COMPLETE): JobStatus.COMPLETED,
    (JobStatus.RUNNING, JobEvent.FAIL): JobStatus.FAILED,
    (JobStatus.RUNNING, JobEvent.STOP): JobStatus.CANCELLED,
}


@pytest.mark.parametrize(("status", "event"), list(itertools.product(JobStatus, JobEvent)))
def test_each_event_leads_where_it_should_or_nowhere(status: JobStatus, event: JobEvent) -> None:
    assert after(status, event) == ALLOWED.get((status, event))


@pytest.mark.parametrize("status", sorted(FINAL))
def test_nothing_leaves_a_final_status(status: JobStatus) -> None:
    assert [event for (source, event) in TRANSITIONS if source is status] == []


@pytest.mark.parametrize("status", [status for status in JobStatus if not status.is_final])
def test_every_other_status_has_a_way_out(status: JobStatus) -> None:
    assert any(source is status for source, _ in TRANSITIONS)


@pytest.mark.parametrize("event", JobEvent)
def test_an_event_happens_in_one_status_only(event: JobEvent) -> None:
    assert (source_of(event), event) in TRANSITIONS
