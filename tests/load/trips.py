"""The way of a notebook through the platform, beside papermill on the command line with the same notebook."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadersboard.client import Client
from tests.builders import notebook
from tests.load.installation import Installation
from tests.load.samples import compared

# Put together when it is printed, so that it is not in the source that a log may show.
_SAYS = 'print("first", "output", sep="-", flush=True)'
_SAID = "first-output"
NOTEBOOKS = {
    "trivial": _SAYS,
    "anomalib": f"import torch\nfrom anomalib.models import Padim\n{_SAYS}",
}
_FULL = {"trivial": 9, "anomalib": 5}
_QUICK = {"trivial": 2, "anomalib": 1}


@dataclass(frozen=True, slots=True)
class Trip:
    """Seconds from the start to the first output of the first cell, and to the end."""

    first_output: float
    whole: float


class TripFailed(Exception):
    """A notebook did not come through, so that its time would mean nothing."""


def measure(installation: Installation, folder: Path, *, quick: bool) -> dict[str, Any]:
    """Return the figures of each notebook. The installation is up, and its jobs have no benchmark: none is scored."""
    installation.wait_until_complete()
    counts = _QUICK if quick else _FULL
    with installation.client() as client:
        return {name: _measure(name, client, folder, counts[name]) for name in NOTEBOOKS}


def _measure(name: str, client: Client, folder: Path, count: int) -> dict[str, Any]:
    path = folder / f"{name}.ipynb"
    path.write_bytes(notebook(NOTEBOOKS[name], parameters=None))
    submission_id = client.submit([path], entrypoint=path.name)
    # Files that are read for the first time come from the disk; that would be the first one's bad luck.
    _through_papermill(path)
    _through_platform(client, submission_id)
    theirs, ours = [], []
    for _ in range(count):
        theirs.append(_through_papermill(path))
        ours.append(_through_platform(client, submission_id))
    return {
        moment: compared(
            [getattr(trip, moment) for trip in ours], [getattr(trip, moment) for trip in theirs], "papermill"
        )
        for moment in ("first_output", "whole")
    }


def _through_platform(client: Client, submission_id: str) -> Trip:
    log, first = "", None
    begun = time.perf_counter()
    job_id = client.start_job(submission_id, {})
    for event in client.events(job_id):
        log += str(event.data.get("text", ""))
        if first is None and _SAID in log:
            first = time.perf_counter() - begun
        if event.name == "end" and event.data["status"] == "completed" and first is not None:
            return Trip(first, time.perf_counter() - begun)
    raise TripFailed(f"job {job_id} did not complete: {log[-500:]}")


def _through_papermill(path: Path) -> Trip:
    command = [sys.executable, "-m", "papermill", path.name, f"executed-{path.name}", "-p", "seed", "0"]
    command += ["--log-output", "--no-progress-bar", "--kernel", "python3"]
    first = None
    said: list[str] = []
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=path.parent
    ) as run:
        for line in run.stderr or ():
            said.append(line)
            if first is None and _SAID in line:
                first = time.perf_counter() - begun
    whole = time.perf_counter() - begun
    if run.returncode or first is None:
        raise TripFailed(f"papermill did not run {path.name}: {''.join(said)[-500:]}")
    return Trip(first, whole)
