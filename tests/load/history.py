"""A database that looks as if the platform had been used for long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, select, update

from leadersboard.adapters.sql.mapping import receipt_value, result_value
from leadersboard.adapters.sql.tables import jobs, results, submissions, users
from leadersboard.domain.job import JobStatus, Result
from leadersboard.domain.signature import Receipt, Sign, Statement

USERS = 200
_A_SUBMISSION = 10
_BATCH = 5_000
_DIGEST = "0" * 64
# Of 1,000 jobs this many did not simply complete.
_OTHERS = {JobStatus.FAILED: 40, JobStatus.CANCELLED: 10, JobStatus.PENDING: 2}
COMPLETED_SHARE = 1 - sum(_OTHERS.values()) / 1000
_BENCHMARK = "demo-inspection"
_METRICS = ("image_auroc", "image_f1_max", "pixel_auroc", "pixel_f1_max", "aupro")


def user_name(number: int) -> str:
    return f"user{number:03d}"


def scores_of(job_id: str) -> dict[str, float]:
    """Return metrics that are spread as if by chance, and the same at each run."""
    return {name: _by_chance(int(job_id, 16) + at) / 1000 for at, name in enumerate(_METRICS)}


def fill_up_to(engine: Engine, count: int, sign: Sign, version: str = "1") -> None:
    """Add jobs of `USERS` users until there are `count`: for each 1,000 of them 948 completed, 50 that ended otherwise
    and 2 that wait."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        have = connection.execute(select(func.count()).select_from(jobs)).scalar_one()
        known = set(connection.execute(select(users.c.user_id)).scalars())
        fresh = [{"user_id": name} for name in map(user_name, range(USERS)) if name not in known]
        if fresh and count > have:
            connection.execute(insert(users), fresh)
        for begin in range(have, count, _BATCH):
            numbers = range(begin, min(begin + _BATCH, count))
            made = [{**_job(number), "benchmark_version": version} for number in numbers]
            owners = {job["submission_id"]: job["user_id"] for job in made}
            stored = set(connection.execute(select(submissions.c.submission_id)).scalars())
            missing = [_submission(name, owner) for name, owner in owners.items() if name not in stored]
            if missing:
                connection.execute(insert(submissions), missing)
            connection.execute(insert(jobs), made)
            completed = [_result(job, sign) for job in made if job["status"] == JobStatus.COMPLETED]
            connection.execute(insert(results), completed)


def end_all_waiting(engine: Engine) -> None:
    """Withdraw the jobs that wait, so that what was measured before does not lie in the way of what comes next."""
    now = datetime.now(UTC)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        waiting = update(jobs).where(jobs.c.status == JobStatus.PENDING)
        connection.execute(waiting.values(status=JobStatus.CANCELLED, finished_at=now, recorded_at=now))


def count_jobs(engine: Engine) -> tuple[int, int]:
    """Return how many jobs there are, and how many of them wait."""
    with engine.connect() as connection:
        total = connection.execute(select(func.count()).select_from(jobs)).scalar_one()
        query = select(func.count()).select_from(jobs).where(jobs.c.status == JobStatus.PENDING)
        return total, connection.execute(query).scalar_one()


def some_jobs(engine: Engine, status: JobStatus, count: int) -> Iterator[tuple[str, str]]:
    """Yield the ids and users of up to `count` jobs with that status, the newest first."""
    query = select(jobs.c.job_id, jobs.c.user_id).where(jobs.c.status == status)
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(jobs.c.created_at.desc()).limit(count)):
            yield row.job_id, row.user_id


def _job(number: int) -> dict[str, Any]:
    created = datetime.now(UTC) - timedelta(days=30) + timedelta(seconds=number * 20)
    status = _status(number)
    ended = status is not JobStatus.PENDING
    return {
        "job_id": f"{number:032x}",
        "submission_id": _submission_id(number),
        "user_id": _owner(number),
        "resource_class": "small",
        "benchmark": _BENCHMARK,
        "parameters": {"seed": number},
        "config": {"resource_class": "small", "parameters": {"seed": number}},
        "status": status,
        "attempt": int(ended),
        "max_attempts": 3,
        "created_at": created,
        "updated_at": created + timedelta(seconds=65),
        "started_at": created + timedelta(seconds=5) if ended else None,
        "finished_at": created + timedelta(seconds=65) if ended else None,
        "recorded_at": created + timedelta(seconds=66) if ended else None,
        "failure": _failure() if status is JobStatus.FAILED else None,
        "run_id": f"{number:032x}" if ended else None,
    }


def _status(number: int) -> JobStatus:
    place, before = _by_chance(number), 0
    for status, share in _OTHERS.items():
        before += share
        if place < before:
            return status
    return JobStatus.COMPLETED


def _by_chance(number: int) -> int:
    """Return a number from 0 to 999: Knuth's multiplicative hash."""
    return (number * 2_654_435_761 % 2**32 >> 7) % 1000


def _submission_id(number: int) -> str:
    # A user's jobs are every two-hundredth; ten of them in a row share a submission.
    return f"{number % USERS:016x}{number // (USERS * _A_SUBMISSION):016x}"


def _owner(number: int) -> str:
    return user_name(number % USERS)


def _submission(submission_id: str, user_id: str) -> dict[str, Any]:
    return {
        "submission_id": submission_id,
        "user_id": user_id,
        "created_at": datetime.now(UTC) - timedelta(days=31),
        "entrypoint": "padim.ipynb",
        "config_file": "config.yaml",
        "files": [{"name": "padim.ipynb", "size": 20_000, "sha256": "0" * 64}],
        "digest": _DIGEST,
        "metadata": {"method": "padim", "template": "padim"},
        "parameters": None,
    }


def _result(job: dict[str, Any], sign: Sign) -> dict[str, Any]:
    scores = scores_of(job["job_id"])
    result = Result(
        scored=scores,
        intervals={name: (value - 0.05, value + 0.05) for name, value in scores.items()},
        by_category=dict.fromkeys(("die", "interconnect", "wafer"), scores),
    )
    stated = (job["job_id"], job["user_id"], _DIGEST, job["benchmark"], job["benchmark_version"])
    receipt = receipt_value(Receipt.of(Statement(*stated, result), sign))
    about = {"job_id": job["job_id"], "attempt": 1, "created_at": job["finished_at"]}
    return {**about, **result_value(result), "receipt": receipt}


def _failure() -> dict[str, Any]:
    return {"reason": "notebook_error", "sentence": "Cell 3 raised ValueError.", "cell": 3, "error_name": "ValueError"}
