"""Between rows and the domain's types."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping

from leadersboard.domain.job import Failure, Job, JobStatus, Reason, Result, Stage
from leadersboard.domain.parameters import Parameter
from leadersboard.domain.plain_json import cleaned
from leadersboard.domain.ranking import Entry
from leadersboard.domain.signature import Receipt
from leadersboard.domain.submission import StoredFile, Submission

Row = Mapping[str, Any] | RowMapping


def submission_row(submission: Submission) -> dict[str, Any]:
    row = {name: getattr(submission, name) for name in submission.__slots__}
    row["files"] = [asdict(file) for file in submission.files]
    row["metadata"] = dict(submission.metadata)
    declared = submission.parameters
    row["parameters"] = None if declared is None else [asdict(parameter) for parameter in declared]
    return row


def submission_of(row: Row) -> Submission:
    fields = dict(row)
    fields["files"] = tuple(StoredFile(**file) for file in fields["files"])
    if fields["parameters"] is not None:
        fields["parameters"] = tuple(_parameter_of(value) for value in fields["parameters"])
    return Submission(**fields)


def _parameter_of(value: Mapping[str, Any]) -> Parameter:
    return Parameter(**{**value, "choices": tuple(value["choices"])})


# Written by `end` into the table of results, not with the job.
_NOT_OF_THE_JOB = {"result"}


def job_row(job: Job) -> dict[str, Any]:
    row = {name: getattr(job, name) for name in job.__slots__ if name not in _NOT_OF_THE_JOB}
    row["failure"] = failure_value(job.failure)
    row["parameters"] = dict(job.parameters)
    row["config"] = dict(job.config)
    row["restored_cells"] = None if job.restored_cells is None else list(job.restored_cells)
    return row


def job_of(row: Row) -> Job:
    """Return the job in a row of `jobs` joined with `results`."""
    fields = {name: row[name] for name in Job.__slots__ if name not in _NOT_OF_THE_JOB}
    fields["status"] = JobStatus(row["status"])
    fields["stage"] = None if row["stage"] is None else Stage(row["stage"])
    fields["failure"] = failure_of(row["failure"])
    fields["restored_cells"] = None if row["restored_cells"] is None else tuple(row["restored_cells"])
    result = None if row["scored"] is None else result_of(row)
    return Job(**fields, result=result)


def failure_value(failure: Failure | None) -> dict[str, Any] | None:
    """Return the failure as JSON. Its words are partly those of submitted code, which may be no text at all."""
    found: dict[str, Any] | None = None if failure is None else cleaned(asdict(failure))
    return found


def failure_of(value: Mapping[str, Any] | None) -> Failure | None:
    return None if value is None else Failure(**{**value, "reason": Reason(value["reason"])})


def result_value(result: Result) -> dict[str, Any]:
    return {
        "scored": dict(result.scored),
        "intervals": {name: list(bounds) for name, bounds in result.intervals.items()},
        "by_category": {name: dict(metrics) for name, metrics in result.by_category.items()},
        "reported": dict(result.reported),
        "reported_params": dict(result.reported_params),
    }


def receipt_value(receipt: Receipt | None) -> dict[str, str] | None:
    return None if receipt is None else asdict(receipt)


def result_of(row: Row) -> Result:
    return Result(
        scored=row["scored"],
        intervals=_intervals(row),
        by_category=row["by_category"],
        reported=row["reported"],
        reported_params=row["reported_params"],
    )


def _intervals(row: Row) -> dict[str, tuple[float, float]]:
    return {name: (low, high) for name, (low, high) in row["intervals"].items()}


def entry_of(row: Row) -> Entry:
    """Return the board's entry in a row of completed `jobs` joined with `results` and the submission's metadata."""
    about = row["about"]
    seconds = (row["finished_at"] - row["started_at"]).total_seconds() if row["started_at"] else None
    return Entry(
        job_id=row["job_id"],
        submission_id=row["submission_id"],
        user_id=row["user_id"],
        submitted_at=row["submitted_at"],
        metrics=row["scored"],
        intervals=_intervals(row),
        by_category=row["by_category"],
        reported=row["reported"],
        method=_text(about.get("method")),
        template=_text(about.get("template")),
        resource_class=row["resource_class"],
        device=row["device"],
        attempt=row["attempt"],
        run_id=row["run_id"],
        run_seconds=seconds,
        peak_memory_bytes=row["peak_memory_bytes"],
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)[:200]
