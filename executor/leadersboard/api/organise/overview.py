"""How the platform is, for organisers: put together from one reading of the records."""

from dataclasses import asdict
from datetime import datetime, timedelta

from leadersboard.api.jobs.endpoints import outlook_of
from leadersboard.api.organise.schemas import (
    FailureLine,
    HiddenRow,
    Overview,
    ParticipantView,
    QueueLine,
    QuotaRules,
    WorkerView,
)
from leadersboard.bootstrap import Platform
from leadersboard.domain.quota import WINDOW
from leadersboard.ports.overview import Line
from leadersboard.ports.records import Transaction

_FAILURES = timedelta(hours=24)
_PARTICIPANTS = timedelta(days=7)
_MOST_PARTICIPANTS = 500
# Workers say how they are whenever they reconcile; one that has missed this many times is taken to be gone.
_MISSED = 3


def overview_of(platform: Platform) -> Overview:
    """Return how everything is now.

    Raises:
        RecordsUnavailable
    """
    now = platform.clock.now()
    quota = platform.settings.quota
    with platform.records.reading() as transaction:
        found, figures = transaction.overview, transaction.figures.take()
        people = found.participants(now - _PARTICIPANTS, now - WINDOW, _MOST_PARTICIPANTS)
        return Overview(
            as_of=now,
            queue=[_line(line, transaction, platform) for line in found.lines()],
            stages=dict(figures.by_stage),
            unrecorded=figures.unrecorded,
            workers=_workers(transaction, now, platform.settings.reconcile_seconds),
            failures=[FailureLine(**asdict(one)) for one in found.failures(now - _FAILURES)],
            failures_hours=int(_FAILURES.total_seconds() // 3600),
            participants=[ParticipantView(**asdict(one)) for one in people],
            participants_days=_PARTICIPANTS.days,
            quota=QuotaRules(submissions_per_hour=quota.submissions_per_hour, running_jobs=quota.running_jobs),
            hidden=_hidden(transaction),
        )


def _line(line: Line, transaction: Transaction, platform: Platform) -> QueueLine:
    now = platform.clock.now()
    last = line.last
    expected = None if last is None else transaction.jobs.queue_state(last, outlook_of(last, platform)).seconds
    return QueueLine(
        resource_class=line.resource_class,
        waiting=line.waiting,
        running=line.running,
        oldest=line.oldest,
        oldest_seconds=None if line.oldest is None else round((now - line.oldest).total_seconds(), 1),
        expected_seconds=None if expected is None else round(expected, 1),
    )


def _workers(transaction: Transaction, now: datetime, every_seconds: float) -> list[WorkerView]:
    devices = transaction.overview.devices(now - _PARTICIPANTS)
    views = []
    for state in transaction.workers.all():
        ago = (now - state.seen_at).total_seconds()
        views.append(
            WorkerView(
                worker=state.worker,
                started_at=state.started_at,
                seen_at=state.seen_at,
                seconds_ago=round(max(ago, 0), 1),
                silent=ago > _MISSED * every_seconds,
                slots=state.slots,
                busy=state.busy,
                mood=state.mood,
                devices=list(devices.get(state.worker, ())),
                counts=dict(state.counts),
            )
        )
    return views


def _hidden(transaction: Transaction) -> list[HiddenRow]:
    rows = []
    for job_id, reason in sorted(transaction.boards.hidden().items()):
        job = transaction.jobs.get(job_id)
        whose, benchmark = (job.user_id, job.benchmark) if job else (None, None)
        rows.append(HiddenRow(job_id=job_id, user_id=whose, benchmark=benchmark, reason=reason))
    return rows
