"""The platform's own entries on the demonstration board: each template as it stands, submitted like anybody's."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leadersboard.answers import JobView
from leadersboard.client import Client, PlatformUnreachable, Refused

DEMONSTRATION = "demo-inspection"
# A baseline that failed is tried anew when the platform is next started, up to this often.
_TRIES = 3
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


@dataclass(slots=True)
class Baseline:
    """One template on its way to the board. `problem` says why it cannot go there."""

    name: str
    job: JobView | None = None
    problem: str | None = None

    @property
    def is_done(self) -> bool:
        return self.problem is not None or (self.job is not None and self.job.is_final)


@dataclass(slots=True)
class Baselines:
    """Brings the templates of a benchmark to its board, a step at each `advance`.

    Keys made of the template's and the benchmark's versions make sure that nothing is submitted a second time,
    whenever and however often this runs.
    """

    client: Client
    benchmark: str = DEMONSTRATION
    entries: list[Baseline] = field(default_factory=list)
    _begun: bool = False
    _version: str = ""

    @property
    def are_done(self) -> bool:
        return self._begun and all(entry.is_done for entry in self.entries)

    @property
    def are_submitted(self) -> bool:
        return self._begun and all(entry.job or entry.problem for entry in self.entries)

    def advance(self) -> None:
        """Submit what can be submitted now and ask how the rest is getting on.

        That the platform cannot be reached, or asks for patience, only means that less happens this time.
        """
        try:
            self._begin()
            for entry in self.entries:
                self._advance(entry)
        except PlatformUnreachable:
            return
        except Refused as refusal:
            if not _passes(refusal):
                raise

    def _begin(self) -> None:
        if self._begun:
            return
        known = {str(one["slug"]): str(one.get("version", "")) for one in self.client.benchmarks()}
        if self.benchmark in known:
            self._version = known[self.benchmark]
            self.entries = [
                Baseline(str(template["name"])) for template in self.client.templates() if self._is_baseline(template)
            ]
        self._begun = True

    def _is_baseline(self, template: Mapping[str, Any]) -> bool:
        return template.get("benchmark") == self.benchmark and template.get("kind", "notebook") == "notebook"

    def _advance(self, entry: Baseline) -> None:
        if entry.is_done:
            return
        if entry.job is not None:
            entry.job = self.client.job(entry.job.job_id)
            return
        try:
            entry.job = self._submit(entry.name)
        except Refused as refusal:
            if _passes(refusal):
                raise
            entry.problem = refusal.detail

    def _submit(self, name: str) -> JobView:
        content = self.client.template(name)
        digest = hashlib.sha256(content).hexdigest()[:16]
        metadata = {"method": name, **_described(content)}
        with tempfile.TemporaryDirectory() as folder:
            notebook = Path(folder) / f"{name}.ipynb"
            notebook.write_bytes(content)
            submission_id = self.client.submit(
                [notebook],
                entrypoint=notebook.name,
                metadata=metadata,
                idempotency_key=f"baseline-{name}-{digest}",
            )
        for attempt in range(1, _TRIES + 1):
            key = f"baseline-{name}-{digest}-{self.benchmark}-{self._version}-{attempt}"
            job_id = self.client.start_job(submission_id, {"benchmark": self.benchmark}, idempotency_key=key)
            job = self.client.job(job_id)
            if job.status not in ("failed", "cancelled"):
                break
        return job


def _described(content: bytes) -> dict[str, str]:
    """Return what the template says of itself, for the board and for whoever looks at the submission."""
    about = json.loads(content).get("metadata", {}).get("leadersboard", {})
    return {name: str(about[name]) for name in ("template", "template_version") if name in about}


def _passes(refusal: Refused) -> bool:
    """Return whether the same request may succeed a little later."""
    return refusal.status == _TOO_MANY_REQUESTS or refusal.status >= _SERVER_ERROR
