"""How fast the API answers, with 8 clients, against the same framework doing nothing."""

import itertools
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from sqlalchemy import insert

from leadersboard.adapters.sql import connect
from leadersboard.adapters.sql.mapping import job_row
from leadersboard.adapters.sql.tables import jobs, users
from leadersboard.domain.job import Job, JobStatus
from tests.builders import notebook
from tests.load.servers import USERS, api, bare

CLIENTS = 8
AUTHORISED = {"Authorization": "Bearer bench"}
NOTEBOOK = notebook("print(1)", "# " + "x" * 20_000)
Request = Callable[[httpx.Client], httpx.Response]


def measure(url: str, request: Request, count: int) -> dict[str, float]:
    """Send `count` requests from 8 clients at once; times in milliseconds."""
    counter = itertools.count()

    def client(_: int) -> list[float]:
        times: list[float] = []
        with httpx.Client(base_url=url, headers=AUTHORISED, timeout=60) as http:
            request(http)
            while next(counter) < count:
                begun = time.perf_counter()
                request(http).raise_for_status()
                times.append((time.perf_counter() - begun) * 1000)
        return times

    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        times = list(itertools.chain(*pool.map(client, range(CLIENTS))))
    seconds = time.perf_counter() - begun
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    return {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "per_second": len(times) / seconds}


def upload(path: str) -> Request:
    """Return a request that sends a notebook, each time as another user."""
    files = [("files", ("nb.ipynb", NOTEBOOK))]
    users = itertools.cycle(range(USERS))

    def send(http: httpx.Client) -> httpx.Response:
        headers = {"Authorization": f"Bearer token{next(users)}"}
        return http.post(path, files=files, data={"entrypoint": "nb.ipynb"}, headers=headers)

    return send


def fill(database: Path, submission_id: str, count: int) -> None:
    """Put `count` ended jobs of many users into the database."""
    engine = connect(f"sqlite:///{database}")
    start = datetime.now(UTC) - timedelta(days=30)
    rows = []
    for number in range(count):
        when = start + timedelta(seconds=number)
        job = Job(f"old{count}-{number}", submission_id, f"user{number % 500}", "small", when, when)
        rows.append({**job_row(job), "status": JobStatus.COMPLETED, "started_at": when, "finished_at": when})
        rows[-1]["recorded_at"] = when
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(insert(users).prefix_with("OR IGNORE"), [{"user_id": f"user{n}"} for n in range(500)])
        for at in range(0, len(rows), 5000):
            connection.execute(insert(jobs), rows[at : at + 5000])
    engine.dispose()


def run(folder: Path, count: int, sizes: list[int]) -> dict[str, Any]:
    """Measure the three requests of the original's contract that it has figures for."""
    found: dict[str, Any] = {}
    with api(folder) as url, bare(folder) as plain:
        found["POST /submissions"] = _pair(url, upload("/submissions"), plain, upload("/upload"), count)
        with httpx.Client(base_url=url, headers=AUTHORISED, timeout=60) as http:
            files = [("files", ("nb.ipynb", NOTEBOOK))]
            sent = http.post("/submissions", files=files, data={"entrypoint": "nb.ipynb"})
            submission_id = sent.json()["submission_id"]
            body = json.dumps({"submission_id": submission_id})
            job_id = _post("/jobs", body)(http).json()["job_id"]
        there = 0
        for size in sizes:
            fill(folder / "leadersboard.db", submission_id, size - there)
            there = size
            name = f"POST /jobs, {size:,} jobs there"
            found[name] = _pair(url, _post("/jobs", body), plain, _post("/post", body), count)
        status = f"/jobs/{job_id}/status"
        with httpx.Client(base_url=url, headers=AUTHORISED) as http:
            http.post(f"/jobs/{job_id}/cancel")
        found["GET /jobs/ID/status"] = _pair(
            url, lambda http: http.get(status), plain, lambda http: http.get("/get"), count
        )
    return found


def _post(path: str, body: str) -> Request:
    return lambda http: http.post(path, content=body, headers={"Content-Type": "application/json"})


def _pair(url: str, request: Request, plain: str, beside: Request, count: int) -> Mapping[str, Any]:
    other = measure(plain, beside, count)
    ours = measure(url, request, count)
    return {"ours": ours, "bare": other, "p95_ratio": ours["p95_ms"] / other["p95_ms"]}
