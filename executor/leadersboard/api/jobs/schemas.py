"""Jobs as they are asked for and answered."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from leadersboard.domain.errors import Language
from leadersboard.domain.forecast import Forecast
from leadersboard.domain.job import Failure, Job
from leadersboard.domain.standing import Standing

# Low and high.
Bounds = Annotated[list[float], Field(min_length=2, max_length=2)]


class JobRequestBody(BaseModel):
    """What to run. `config` may name a resource class, a benchmark and parameters; other keys are kept."""

    submission_id: str = Field(max_length=200, pattern=r"^[\x20-\x7e]*$")
    config: dict[str, Any] = Field(default_factory=dict, examples=[{"resource_class": "medium"}])


class Queued(BaseModel):
    job_id: str
    submission_id: str
    status: str


class CellProgress(BaseModel):
    cell: int
    cells: int


class QueueView(BaseModel):
    """How many jobs are ahead, and in how many seconds this one should start, where that can be told."""

    ahead: int
    expected_start_seconds: float | None

    @classmethod
    def of(cls, found: Forecast) -> Self:
        return cls(ahead=found.ahead, expected_start_seconds=None if found.seconds is None else round(found.seconds, 1))


class FailureView(BaseModel):
    reason: str
    sentence: str
    cell: int | None
    error_name: str | None
    traceback: str | None
    hint: str | None
    peak_memory_bytes: int | None

    @classmethod
    def of(cls, failure: Failure, language: Language) -> Self:
        japanese = language == "ja"
        return cls(
            reason=failure.reason,
            sentence=(failure.sentence_ja if japanese else None) or failure.sentence,
            cell=failure.cell,
            error_name=failure.error_name,
            traceback=failure.traceback,
            hint=(failure.hint_ja if japanese else None) or failure.hint,
            peak_memory_bytes=failure.peak_memory_bytes,
        )


class JobView(BaseModel):
    """`restored_cells` are locked cells of the template that were put back before the run, counted from 1."""

    job_id: str
    submission_id: str
    user_id: str
    status: str
    run_id: str | None
    created_at: datetime
    updated_at: datetime
    error: str | None
    stage: str | None
    progress: CellProgress | None
    attempt: int
    max_attempts: int
    resource_class: str
    benchmark: str | None
    benchmark_version: str | None
    parameters: dict[str, Any]
    device: str | None
    worker: str | None
    queue: QueueView | None
    started_at: datetime | None
    finished_at: datetime | None
    run_seconds: float | None
    peak_memory_bytes: int | None
    cancel_requested: bool
    restored_cells: list[int]
    failure: FailureView | None

    @classmethod
    def of(cls, job: Job, language: Language, queue: Forecast | None = None) -> Self:
        failure = None if job.failure is None else FailureView.of(job.failure, language)
        progress = None
        if job.cell is not None and job.cells is not None:
            progress = CellProgress(cell=job.cell, cells=job.cells)
        same = {name: getattr(job, name) for name in _SAME}
        return cls(
            **same,
            parameters=dict(job.parameters),
            error=None if failure is None else failure.sentence,
            progress=progress,
            queue=None if queue is None else QueueView.of(queue),
            cancel_requested=job.cancel_requested_at is not None,
            restored_cells=list(job.restored_cells or ()),
            failure=failure,
        )


# Answered as they are in the records.
_SAME = [
    "job_id",
    "submission_id",
    "user_id",
    "status",
    "run_id",
    "created_at",
    "updated_at",
    "stage",
    "attempt",
    "max_attempts",
    "resource_class",
    "benchmark",
    "benchmark_version",
    "device",
    "worker",
    "started_at",
    "finished_at",
    "run_seconds",
    "peak_memory_bytes",
]


class StandingView(BaseModel):
    """The primary metric of a scored run, its place among all ranked runs, and the best of the user's earlier ones."""

    metric: str
    direction: str
    value: float
    rank: int
    of: int
    best_before: float | None
    is_best: bool

    @classmethod
    def of_standing(cls, standing: Standing) -> Self:
        return cls(**asdict(standing))


class ListedJob(JobView):
    """A job in a list, with what is run and, once it is scored, how it stands on the board."""

    entrypoint: str | None
    score: StandingView | None


class JobList(BaseModel):
    items: list[ListedJob]
    total: int
    limit: int
    offset: int


class LogsView(BaseModel):
    job_id: str
    logs: str


class ResultsView(BaseModel):
    """What a completed job is worth. `metrics` are the scored ones; `reported_metrics` are the submission's own.

    `verified` says whether all of it is what the platform signed; what is not has no rank.
    """

    job_id: str
    run_id: str | None
    mlflow_ui_link: str | None
    mlflow_rest_link: str | None
    benchmark: str | None
    verified: bool
    rank: int | None
    metrics: dict[str, float]
    intervals: dict[str, Bounds]
    by_category: dict[str, dict[str, float]]
    reported_metrics: dict[str, float]
    reported_params: dict[str, str]


class FileView(BaseModel):
    name: str
    size: int
    url: str


class FileList(BaseModel):
    job_id: str
    files: list[FileView]


class ArtifactView(BaseModel):
    filename: str
    artifact_type: str
    url: str


class Visualizations(BaseModel):
    job_id: str
    artifacts: list[ArtifactView]
    csv_files: list[ArtifactView]
