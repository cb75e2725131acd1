"""Searches in MLflow, over HTTP and without its client: the API asks often, and needs none of the rest."""

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from leadersboard.adapters.run_names import JOB_TAG, experiment_name
from leadersboard.ports.runs import TrackedRun
from leadersboard.ports.tracking import TrackingUnavailable

# A page of many runs takes MLflow seconds; whether it is there at all shows at once.
_TIMES = httpx.Timeout(60, connect=3)
# One that did not answer is left alone for a while.
_REST_SECONDS = 5
# As many as fit well into one filter.
_IDS_A_REQUEST = 100
_NOT_THERE = "RESOURCE_DOES_NOT_EXIST"


class MlflowRuns:
    """The `Runs` port on the server at `uri`. Safe for threads."""

    def __init__(self, uri: str) -> None:
        near = any(host in uri for host in ("//127.", "//localhost", "//[::1]"))
        self._http = httpx.Client(base_url=f"{uri.rstrip('/')}/api/2.0/mlflow", timeout=_TIMES, trust_env=not near)
        self._experiments: dict[str, str] = {}
        self._rests_until = 0.0

    def close(self) -> None:
        self._http.close()

    def ended_since(self, benchmark: str, since: datetime, limit: int) -> Sequence[TrackedRun]:
        moment = int(since.timestamp() * 1000)
        asked = {"filter": f"attributes.end_time >= {moment}", "order_by": ["attributes.end_time ASC"]}
        return self._search(benchmark, {**asked, "max_results": limit})

    def with_ids(self, benchmark: str, run_ids: Collection[str]) -> Sequence[TrackedRun]:
        wanted = sorted(run_ids)
        found: list[TrackedRun] = []
        for start in range(0, len(wanted), _IDS_A_REQUEST):
            names = ", ".join(f"'{run_id}'" for run_id in wanted[start : start + _IDS_A_REQUEST])
            asked = {"filter": f"attributes.run_id IN ({names})", "max_results": _IDS_A_REQUEST}
            found += self._search(benchmark, asked)
        return found

    def _search(self, benchmark: str, asked: Mapping[str, Any]) -> Sequence[TrackedRun]:
        experiment = self._experiment(experiment_name(benchmark))
        if experiment is None:
            return []
        body = {"experiment_ids": [experiment], "run_view_type": "ACTIVE_ONLY", **asked}
        answer = self._ask("POST", "/runs/search", json=body)
        if answer.is_error:
            # The experiment may have been made anew.
            self._experiments.clear()
            raise TrackingUnavailable(f"MLflow answered {answer.status_code}")
        return [run for run in map(_run_of, answer.json().get("runs", ())) if run is not None]

    def _experiment(self, name: str) -> str | None:
        if name not in self._experiments:
            answer = self._ask("GET", "/experiments/get-by-name", params={"experiment_name": name})
            if answer.status_code == httpx.codes.NOT_FOUND and answer.json().get("error_code") == _NOT_THERE:
                return None
            if answer.is_error:
                raise TrackingUnavailable(f"MLflow answered {answer.status_code}")
            self._experiments[name] = str(answer.json()["experiment"]["experiment_id"])
        return self._experiments[name]

    def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        if time.monotonic() < self._rests_until:
            raise TrackingUnavailable("MLflow did not answer a moment ago")
        try:
            return self._http.request(method, path, **request)
        except httpx.HTTPError as problem:
            self._rests_until = time.monotonic() + _REST_SECONDS
            raise TrackingUnavailable(str(problem) or type(problem).__name__) from problem


def _run_of(run: Mapping[str, Any]) -> TrackedRun | None:
    info, data = run["info"], run.get("data", {})
    if not info.get("end_time"):
        return None
    tags = {tag["key"]: tag["value"] for tag in data.get("tags", ())}
    return TrackedRun(
        run_id=info["run_id"],
        job_id=tags.get(JOB_TAG),
        ended_at=datetime.fromtimestamp(int(info["end_time"]) / 1000, UTC),
        # Infinities and NaN come as words.
        metrics={metric["key"]: float(metric["value"]) for metric in data.get("metrics", ())},
    )
