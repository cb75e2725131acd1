"""How long a notebook takes through the platform, against papermill on the command line."""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from tests.builders import form, notebook
from tests.load.http import AUTHORISED
from tests.load.servers import api, environment_of, process, wait_until

NOTEBOOKS = {
    "one trivial cell": notebook("print('first output')"),
    "imports torch and anomalib": notebook("import torch, anomalib.models\nprint('first output')"),
}
_FINAL = ("completed", "failed", "cancelled")


def run(folder: Path, times: int) -> dict[str, Any]:
    """Measure each notebook both ways, in turn; medians, in seconds."""
    found: dict[str, Any] = {}
    with api(folder) as url:
        environment = environment_of(folder, int(url.rpartition(":")[2]))
        own = [sys.executable, "-m", "leadersboard.cli.main", "worker"]
        with process(own, environment, folder / "worker.log"), httpx.Client(base_url=url, headers=AUTHORISED) as http:
            wait_until(lambda: "working on" in (folder / "worker.log").read_text())
            for name, content in NOTEBOOKS.items():
                found[name] = _compare(http, content, folder, times)
    return found


def _compare(http: httpx.Client, content: bytes, folder: Path, times: int) -> dict[str, float]:
    firsts, wholes, papermills = [], [], []
    for number in range(times + 1):
        papermill = _papermill(content, folder)
        first, whole = _platform(http, content)
        if number:  # the first of each warms the file cache
            firsts.append(first)
            wholes.append(whole)
            papermills.append(papermill)
    ours, theirs = statistics.median(wholes), statistics.median(papermills)
    return {"first_output_s": statistics.median(firsts), "whole_s": ours, "papermill_s": theirs, "ratio": ours / theirs}


def _papermill(content: bytes, folder: Path) -> float:
    source = folder / "papermill.ipynb"
    source.write_bytes(content)
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(source), str(folder / "out.ipynb")]
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def _platform(http: httpx.Client, content: bytes) -> tuple[float, float]:
    answer = http.post("/submissions", files=form({"nb.ipynb": content}), data={"entrypoint": "nb.ipynb"})
    begun = time.perf_counter()
    job_id = http.post("/jobs", json={"submission_id": answer.json()["submission_id"]}).json()["job_id"]
    first = None
    with http.stream("GET", f"/jobs/{job_id}/events", timeout=300) as stream:
        for line in stream.iter_lines():
            if first is None and "first output" in line:
                first = time.perf_counter() - begun
    whole = time.perf_counter() - begun
    status = http.get(f"/jobs/{job_id}/status").json()["status"]
    if first is None or status != "completed":
        raise RuntimeError(f"the job ended as {status}")
    return first, whole
