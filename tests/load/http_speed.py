"""How fast the API answers 8 clients, beside the same framework with nothing behind it.

No worker runs, so that jobs which are asked for pile up.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from leadersboard.adapters.sql import connect
from leadersboard.bootstrap import build_signer
from leadersboard.domain.job import JobStatus
from leadersboard.settings import Settings
from tests.builders import notebook
from tests.conftest import free_port
from tests.load import history, machine
from tests.load.clients import Burst, Call, send_all
from tests.load.samples import percentile, ratios
from tests.load.servers import api_alone, bare_application

NOTEBOOK_BYTES = 20_000
JOBS_BEFORE = (0, 1_000, 10_000, 100_000)
_CALLERS = 64
_UNLIMITED = 1_000_000
_DATASET, _VERSION = "demo-inspection", "0" * 16
Calls = Callable[[int], list[Call]]


@dataclass(frozen=True, slots=True)
class Amount:
    """How many requests of each kind, in how many rounds in turn with the bare application."""

    requests: int
    rounds: int

    @property
    def a_round(self) -> int:
        return self.requests // self.rounds


FULL = Amount(requests=1_600, rounds=4)
QUICK = Amount(requests=96, rounds=2)


def measure(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Return the figures of POST /submissions, POST /jobs and GET status, by how many jobs there are."""
    amount = QUICK if quick else FULL
    settings = _settings(folder)
    engine = connect(settings.database_dsn)
    with ExitStack() as stack:
        bare, _ = stack.enter_context(bare_application())
        url = stack.enter_context(api_alone(settings))
        stack.callback(engine.dispose)
        side_by_side = _SideBySide(url, bare, amount)
        submitted, owned = side_by_side.submissions()
        levels = []
        for count in JOBS_BEFORE:
            history.end_all_waiting(engine)
            history.fill_up_to(engine, count, build_signer(settings))
            levels.append(_at(engine, side_by_side, owned))
    return {
        "clients": 8,
        "callers": _CALLERS,
        "users": history.USERS,
        "requests": amount.requests,
        "commit_ms": machine.commit_milliseconds(folder),
        "submissions": submitted,
        "jobs": levels,
    }


def _settings(folder: Path) -> Settings:
    """Return settings with a token for each caller, and no limit that would end the measurement."""
    home = folder / "home"
    # Jobs name a version of the benchmark's data, which is looked up for each.
    dataset = home / "data" / _DATASET
    about = {"name": _DATASET, "version": _VERSION, "digest": _VERSION * 4, "counts": {}}
    (dataset / _VERSION).mkdir(parents=True)
    (dataset / _VERSION / "dataset.json").write_text(json.dumps(about))
    (dataset / "current").write_text(_VERSION)
    return Settings(
        home=home,
        api_port=free_port(),
        api_tokens=",".join(f"{name}:{_token(name)}" for name in _callers()),
        max_submissions_per_hour=_UNLIMITED,
        max_concurrent_running=_UNLIMITED,
        mlflow_tracking_uri=f"http://127.0.0.1:{free_port()}",
    )


def _at(engine: Engine, side_by_side: "_SideBySide", owned: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return what POST /jobs and GET status take with the jobs that are in the records."""
    before = history.count_jobs(engine)
    posted, waiting = side_by_side.jobs(owned)
    found: dict[str, Any] = {"before": before[0], "waiting_before": before[1], "post": posted}
    found |= {"waiting": side_by_side.status(waiting), "waiting_then": history.count_jobs(engine)[1]}
    ended = [*history.some_jobs(engine, JobStatus.COMPLETED, 2_000)]
    callers = set(_callers())
    own = [(job_id, user) for job_id, user in ended if user in callers]
    if own:
        found["ended"] = side_by_side.status(own)
    return found


class _SideBySide:
    """Sends the same requests to the platform and to the bare application, round by round in turn."""

    def __init__(self, url: str, bare: str, amount: Amount) -> None:
        self._url, self._bare, self._amount = url, bare, amount

    def submissions(self) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return the figures, and each submission's id with its owner."""
        content = _notebook()
        callers = _repeated(list(_callers()))

        def calls(count: int) -> list[Call]:
            return [_submission(content, name) for name in islice(callers, count)]

        figures, answers = self._take(calls)
        return figures, [(one["submission_id"], one["user_id"]) for one in answers]

    def jobs(self, owned: Sequence[tuple[str, str]]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return the figures, and each job's id with its owner."""
        turn = _repeated(owned)
        owners = dict(owned)

        def calls(count: int) -> list[Call]:
            return [_job(submission_id, user) for submission_id, user in islice(turn, count)]

        figures, answers = self._take(calls)
        return figures, [(one["job_id"], owners[one["submission_id"]]) for one in answers]

    def status(self, known: Sequence[tuple[str, str]]) -> dict[str, Any]:
        turn = _repeated(known)

        def calls(count: int) -> list[Call]:
            return [_status(job_id, user) for job_id, user in islice(turn, count)]

        return self._take(calls)[0]

    def _take(self, calls: Calls) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        # Connections, compiled queries and the like are there in a server that runs.
        warm = [send_all(self._url, calls(16))]
        send_all(self._bare, calls(16))
        ours, theirs = [], []
        for _ in range(self._amount.rounds):
            theirs.append(send_all(self._bare, calls(self._amount.a_round)))
            ours.append(send_all(self._url, calls(self._amount.a_round)))
        answers = [json.loads(answer) for burst in [*warm, *ours] for answer in burst.answers]
        return _figures(ours, theirs), answers


def _figures(ours: Sequence[Burst], theirs: Sequence[Burst]) -> dict[str, Any]:
    return {
        "platform": _of(ours),
        "bare": _of(theirs),
        "ratio": {
            "p95": ratios(*([percentile(burst.latencies, 0.95) for burst in side] for side in (ours, theirs))),
            "per_second": ratios(
                *([len(burst.latencies) / burst.seconds for burst in side] for side in (ours, theirs))
            ),
        },
    }


def _of(bursts: Sequence[Burst]) -> dict[str, float]:
    latencies = [latency for burst in bursts for latency in burst.latencies]
    found = {f"p{share}_ms": percentile(latencies, share / 100) * 1000 for share in (50, 95, 99)}
    return {**found, "per_second": len(latencies) / sum(burst.seconds for burst in bursts), "requests": len(latencies)}


def _repeated(items: Sequence[Any]) -> Iterator[Any]:
    while True:
        yield from items


def _callers() -> Iterator[str]:
    return map(history.user_name, range(_CALLERS))


def _token(user: str) -> str:
    return f"token-of-{user}"


def _authorised(user: str, kind: str = "application/json") -> dict[str, str]:
    return {"Authorization": f"Bearer {_token(user)}", "Content-Type": kind}


def _notebook() -> bytes:
    """Return a notebook of 20 KB: ten cells of text."""
    line = "# A sentence that explains what the next cell computes, and why it is computed that way.\n"
    padding = NOTEBOOK_BYTES - len(notebook(*[""] * 10))
    cell = line * (padding // 10 // (len(line) + 1))
    return notebook(*[cell] * 10)


def _submission(content: bytes, user: str) -> Call:
    boundary = uuid.uuid4().hex
    part = f"--{boundary}\r\nContent-Disposition: form-data; name="
    body = b"".join(
        [
            f'{part}"entrypoint"\r\n\r\npadim.ipynb\r\n'.encode(),
            f'{part}"files"; filename="padim.ipynb"\r\nContent-Type: application/x-ipynb+json\r\n\r\n'.encode(),
            content,
            f"\r\n--{boundary}--\r\n".encode(),
        ]
    )
    return Call("POST", "/submissions", _authorised(user, f"multipart/form-data; boundary={boundary}"), body)


def _job(submission_id: str, user: str) -> Call:
    body = json.dumps({"submission_id": submission_id, "config": {"resource_class": "medium"}}).encode()
    return Call("POST", "/jobs", _authorised(user), body)


def _status(job_id: str, user: str) -> Call:
    return Call("GET", f"/jobs/{job_id}/status", _authorised(user))
