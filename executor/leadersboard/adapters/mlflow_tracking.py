"""Results in MLflow, over HTTP only."""

import importlib
import json
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from leadersboard.adapters.run_names import JOB_TAG, experiment_name
from leadersboard.domain.job import Job, JobStatus
from leadersboard.domain.submission import Submission
from leadersboard.ports.tracking import TrackingLinks, TrackingUnavailable

T = TypeVar("T")

_RUN_STATUS = {JobStatus.COMPLETED: "FINISHED", JobStatus.FAILED: "FAILED", JobStatus.CANCELLED: "KILLED"}
# MLflow's limits for one batch, and for the length of a parameter.
_PARAMS_A_BATCH = 100
_METRICS_A_BATCH = 500
_LONGEST_VALUE = 6000
_LONGEST_NAME = 250
# Whether the server answers at all is asked with little patience. One that did not is left alone for a while, so that
# jobs do not wait for it one after the other.
_ASK_SECONDS = 3
_REST_SECONDS = 10
_GONE = frozenset({"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"})
# Modules of MLflow import each other in circles: what a second thread gets of it meanwhile is half a module, and after
# that every import of it fails for good.
_importing = threading.Lock()
_NOT_IN_NAMES = re.compile(r"[^\w\-. /]")


class MlflowTracking:
    """The `Tracking` port on the server at `uri`; people reach it at `public_url`.

    The client is imported on first use: it takes seconds, and the API that only makes links never needs it.
    """

    def __init__(self, uri: str, public_url: str) -> None:
        self._uri = uri.rstrip("/")
        self._public_url = (public_url or uri).rstrip("/")
        self._rests_until = 0.0

    def open_run(self, job: Job, submission: Submission) -> str:
        with self._answering() as client:
            if job.run_id is not None and _is_there(client, job.run_id):
                return job.run_id
            experiment_id = _experiment(client, experiment_name(job.benchmark))
            found = _runs_of(client, experiment_id, job)
            if found:
                return min(found)
            run = client.create_run(
                experiment_id,
                start_time=_milliseconds(job.created_at.timestamp()),
                tags=_tags(job, submission),
                run_name=f"{submission.metadata.get('method') or submission.entrypoint}-{job.job_id[:8]}",
            )
            return str(run.info.run_id)

    def discard(self, run_id: str) -> None:
        with self._answering() as client:
            client.delete_run(run_id)

    def record(self, run_id: str, job: Job, submission: Submission, artifacts: Path) -> None:
        with self._answering() as client:
            for tags in _in_batches(_tags(job, submission), _PARAMS_A_BATCH):
                client.log_batch(run_id, tags=_entities("RunTag", tags))
            for params in _in_batches(_params(job), _PARAMS_A_BATCH):
                client.log_batch(run_id, params=_entities("Param", params))
            for metrics in _in_batches(_metrics(job), _METRICS_A_BATCH):
                client.log_batch(run_id, metrics=_metric_entities(metrics, job))
            client.log_artifacts(run_id, str(artifacts))
            ended = _milliseconds(job.finished_at.timestamp()) if job.finished_at else None
            client.set_terminated(run_id, _RUN_STATUS[job.status], ended)
            # A worker that died at the wrong moment may have made one that nobody knows of.
            for other in _runs_of(client, _experiment(client, experiment_name(job.benchmark)), job):
                if other != run_id:
                    client.delete_run(other)

    def links(self, run_id: str) -> TrackingLinks:
        return TrackingLinks(
            ui=f"{self._public_url}/#/runs/{run_id}",
            rest=f"{self._public_url}/api/2.0/mlflow/runs/get?run_id={run_id}",
        )

    @contextmanager
    def _answering(self) -> Iterator[Any]:
        """Give a client for a server that answers just now.

        Raises:
            TrackingUnavailable: it does not, or did not a moment ago, or what is done with the client fails.
        """
        if time.monotonic() < self._rests_until:
            raise TrackingUnavailable("the tracking server did not answer a moment ago")
        try:
            with _translated():
                self._ask()
                yield self._client()
        except TrackingUnavailable as error:
            if not _is_about_this_run(error.__cause__):
                self._rests_until = time.monotonic() + _REST_SECONDS
            raise

    def _ask(self) -> None:
        import requests

        requests.get(f"{self._uri}/health", timeout=_ASK_SECONDS).raise_for_status()

    def _client(self) -> Any:
        # MLflow reads these when it sends. Its own defaults wait for minutes on a server that is away; what could
        # not be recorded is tried again by the worker.
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
        # It prints where a run can be seen; a log is no place for that.
        os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
        from mlflow.tracking import MlflowClient

        return MlflowClient(tracking_uri=self._uri)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what MLflow and HTTP raise into the port's error."""
    import requests

    with _importing:
        importlib.import_module("mlflow.tracking")
    from mlflow.exceptions import MlflowException

    try:
        yield
    except (MlflowException, requests.RequestException, OSError) as error:
        raise TrackingUnavailable(str(error)[:500]) from error


def _is_about_this_run(cause: BaseException | None) -> bool:
    """Whether the server answered, and refused: with what other jobs want of it nothing is wrong then."""
    from mlflow.exceptions import MlflowException

    return isinstance(cause, MlflowException) and cause.get_http_status_code() < 500


def _is_there(client: Any, run_id: str) -> bool:
    from mlflow.exceptions import MlflowException

    try:
        return bool(client.get_run(run_id).info.lifecycle_stage == "active")
    except MlflowException as error:
        if error.error_code in _GONE:
            return False
        raise


def _runs_of(client: Any, experiment_id: str, job: Job) -> list[str]:
    found = client.search_runs([experiment_id], f"tags.`{JOB_TAG}` = '{job.job_id}'", max_results=100)
    return [str(run.info.run_id) for run in found]


def _experiment(client: Any, name: str) -> str:
    from mlflow.exceptions import MlflowException

    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return str(client.create_experiment(name))
        except MlflowException:
            # Another worker may have made it between the question and the request.
            found = client.get_experiment_by_name(name)
            if found is None:
                raise
    return str(found.experiment_id)


def _tags(job: Job, submission: Submission) -> dict[str, str]:
    tags = {
        JOB_TAG: job.job_id,
        "leadersboard.submission_id": submission.submission_id,
        "leadersboard.submission_digest": submission.digest,
        "leadersboard.user": job.user_id,
        "leadersboard.benchmark": job.benchmark,
        "leadersboard.benchmark_version": job.benchmark_version,
        "leadersboard.template": submission.metadata.get("template"),
        "leadersboard.method": submission.metadata.get("method"),
        "leadersboard.entrypoint": submission.entrypoint,
        "leadersboard.resource_class": job.resource_class,
        "leadersboard.attempt": job.attempt,
        "leadersboard.device": job.device,
        "leadersboard.worker": job.worker,
        "leadersboard.status": job.status.value,
        "leadersboard.reason": job.failure.reason.value if job.failure else None,
        "mlflow.user": job.user_id,
    }
    return {name: str(value)[:_LONGEST_VALUE] for name, value in tags.items() if value is not None}


def _params(job: Job) -> dict[str, str]:
    params = {_name(name): _text(value) for name, value in job.parameters.items()}
    if job.result is not None:
        params |= {_name(f"reported.{name}"): _text(value) for name, value in job.result.reported_params.items()}
    return params


def _metrics(job: Job) -> dict[str, float]:
    metrics: dict[str, float] = {}
    if job.result is not None:
        metrics |= job.result.scored
        for name, (low, high) in job.result.intervals.items():
            metrics |= {f"{name}.low": low, f"{name}.high": high}
        for category, values in job.result.by_category.items():
            metrics |= {_name(f"{name}/{category}"): value for name, value in values.items()}
        metrics |= {_name(f"reported.{name}"): value for name, value in job.result.reported.items()}
    if job.run_seconds is not None:
        metrics["run_seconds"] = job.run_seconds
    if job.peak_memory_bytes is not None:
        metrics["peak_memory_bytes"] = float(job.peak_memory_bytes)
    return metrics


def _entities(kind: str, values: Sequence[tuple[str, str]]) -> list[Any]:
    from mlflow import entities

    make = getattr(entities, kind)
    return [make(name, value) for name, value in values]


def _metric_entities(values: Sequence[tuple[str, float]], job: Job) -> list[Any]:
    from mlflow.entities import Metric

    # The same time and step on a second try: MLflow then keeps one point, not two.
    moment = _milliseconds((job.finished_at or job.updated_at).timestamp())
    return [Metric(name, value, moment, 0) for name, value in values]


def _in_batches(values: Mapping[str, T], size: int) -> Iterator[list[tuple[str, T]]]:
    items = list(values.items())
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _name(name: str) -> str:
    return _NOT_IN_NAMES.sub("_", name)[:_LONGEST_NAME]


def _text(value: object) -> str:
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:_LONGEST_VALUE]


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
