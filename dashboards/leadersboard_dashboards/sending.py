"""Submits what a form holds: its files, then a job of them; pressing twice submits once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from leadersboard_dashboards.viewer import Viewer


@dataclass(frozen=True)
class Filled:
    """A form as it was filled in. What is empty is left to the API."""

    files: Mapping[str, bytes] = field(repr=False)
    entrypoint: str = ""
    config_file: str = ""
    metadata: str = ""
    benchmark: str = ""
    resource_class: str = ""

    def digest(self, user_id: str) -> str:
        """Return what differs as soon as anything about the form does."""
        contents = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(self.files.items())}
        rest = (self.entrypoint, self.config_file, self.metadata, self.benchmark, self.resource_class, user_id)
        return hashlib.sha256(json.dumps([contents, rest]).encode()).hexdigest()


class Sender:
    """Sends forms. The same form again, after something went wrong on the way, is the same submission."""

    def __init__(self) -> None:
        self._digest = self._key = ""

    def send(self, form: Filled, viewer: Viewer) -> str:
        """Return the id of the job that runs the form's files in the viewer's name.

        Raises:
            ApiAway, ApiRefuses
        """
        key = self._key_for(form.digest(viewer.user_id))
        texts = {name: getattr(form, name) for name in ("entrypoint", "config_file", "metadata")}
        accepted = viewer.fetch(
            "POST",
            "/submissions",
            files=[("files", (name, content)) for name, content in form.files.items()],
            data={name: text for name, text in texts.items() if text},
            headers={"Idempotency-Key": key},
        ).json()
        config = {"benchmark": form.benchmark, "resource_class": form.resource_class}
        body = {
            "submission_id": accepted["submission_id"],
            "config": {name: value for name, value in config.items() if value},
        }
        queued = viewer.fetch("POST", "/jobs", json=body, headers={"Idempotency-Key": key}).json()
        self._digest = ""
        return str(queued["job_id"])

    def _key_for(self, digest: str) -> str:
        if digest != self._digest:
            self._digest, self._key = digest, uuid4().hex
        return self._key
