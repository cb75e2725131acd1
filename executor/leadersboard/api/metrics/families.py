"""Every metric there is but the API's own latencies: its name, its help, its labels, and where its samples come from.

All of it comes from the records when it is asked for, so that any API tells the same of the whole installation, and no
worker, beside which submitted code runs, has a port to ask.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from leadersboard.ports.monitoring import Counted, Figures, WorkerState

Samples = Iterable[tuple[tuple[str, ...], float]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read in one go."""

    now: datetime
    figures: Figures
    workers: tuple[WorkerState, ...]

    def seconds_since(self, moment: datetime | None) -> float:
        """Return how long ago `moment` was; clocks that differ do not make it negative."""
        return 0.0 if moment is None else max(0.0, (self.now - moment).total_seconds())


@dataclass(frozen=True, slots=True)
class Family:
    """One metric; `counts` says that it only grows."""

    name: str
    help: str
    labels: tuple[str, ...]
    samples: Callable[[Seen], Samples]
    counts: bool = False


def _of_workers(value: Callable[[Seen, WorkerState], float]) -> Callable[[Seen], Samples]:
    return lambda seen: [((worker.worker,), value(seen, worker)) for worker in seen.workers]


def _counted(outcomes: Mapping[str, Counted]) -> Callable[[Seen], Samples]:
    return lambda seen: [
        ((worker.worker, *((outcome,) if outcome else ())), float(worker.counts.get(what, 0)))
        for worker in seen.workers
        for outcome, what in outcomes.items()
    ]


FAMILIES = (
    Family(
        "leadersboard_jobs",
        "Jobs, by status and, for failed ones, by reason.",
        ("status", "reason"),
        lambda seen: [((one.status, one.reason or ""), one.jobs) for one in seen.figures.standing],
    ),
    Family(
        "leadersboard_jobs_running",
        "Running jobs, by stage.",
        ("stage",),
        lambda seen: [((stage,), jobs) for stage, jobs in seen.figures.by_stage.items()],
    ),
    Family(
        "leadersboard_queue_jobs",
        "Jobs that wait, by resource class.",
        ("resource_class",),
        lambda seen: [((one.resource_class,), one.jobs) for one in seen.figures.waiting],
    ),
    Family(
        "leadersboard_queue_oldest_seconds",
        "How long the oldest waiting job has been there, by resource class.",
        ("resource_class",),
        lambda seen: [((one.resource_class,), seen.seconds_since(one.oldest)) for one in seen.figures.waiting],
    ),
    Family(
        "leadersboard_oldest_unfinished_seconds",
        "How long ago the oldest job that has not ended was submitted; 0 where all have.",
        (),
        lambda seen: [((), seen.seconds_since(seen.figures.oldest_unfinished))],
    ),
    Family(
        "leadersboard_unrecorded_jobs",
        "Jobs that have ended and are not in MLflow yet.",
        (),
        lambda seen: [((), seen.figures.unrecorded)],
    ),
    Family(
        "leadersboard_kept_bytes",
        "Size of the outputs and logs that are kept, as far as it has been measured.",
        (),
        lambda seen: [((), seen.figures.kept_bytes)],
    ),
    Family(
        "leadersboard_worker_seen_seconds",
        "How long ago a worker was last heard of, by worker and what it was about.",
        ("worker", "mood"),
        lambda seen: [((one.worker, one.mood.value), seen.seconds_since(one.seen_at)) for one in seen.workers],
    ),
    Family(
        "leadersboard_devices",
        "Devices of a worker: jobs that it can run at once.",
        ("worker",),
        _of_workers(lambda _, worker: worker.slots),
    ),
    Family(
        "leadersboard_devices_busy",
        "Devices of a worker that a job has.",
        ("worker",),
        _of_workers(lambda _, worker: worker.busy),
    ),
    Family(
        "leadersboard_attempts_total",
        "Attempts at jobs that a worker has begun.",
        ("worker",),
        _counted({"": Counted.ATTEMPTS}),
        counts=True,
    ),
    Family(
        "leadersboard_lease_renewals_total",
        "Renewals of leases: kept, lost to another worker, or unknown because the records did not answer.",
        ("worker", "outcome"),
        _counted({"kept": Counted.LEASES_KEPT, "lost": Counted.LEASES_LOST, "unknown": Counted.LEASES_UNKNOWN}),
        counts=True,
    ),
    Family(
        "leadersboard_jobs_taken_back_total",
        "Jobs that a worker has taken back because theirs was gone.",
        ("worker",),
        _counted({"": Counted.TAKEN_BACK}),
        counts=True,
    ),
    Family(
        "leadersboard_recordings_total",
        "Ended jobs that a worker has brought to MLflow, or postponed.",
        ("worker", "outcome"),
        _counted({"recorded": Counted.RECORDED, "postponed": Counted.POSTPONED}),
        counts=True,
    ),
    Family(
        "leadersboard_folders_swept_total",
        "Folders of lost attempts that a worker has removed.",
        ("worker",),
        _counted({"": Counted.SWEPT}),
        counts=True,
    ),
    Family(
        "leadersboard_pruned_jobs_total",
        "Jobs whose outputs and logs a worker has removed.",
        ("worker",),
        _counted({"": Counted.PRUNED_JOBS}),
        counts=True,
    ),
    Family(
        "leadersboard_pruned_bytes_total",
        "Size of the outputs and logs that a worker has removed.",
        ("worker",),
        _counted({"": Counted.PRUNED_BYTES}),
        counts=True,
    ),
)
