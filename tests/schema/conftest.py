"""An API with something in it, and its own description to hold it against."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from leadersboard.adapters.fsspec_job_files import FsspecJobFiles
from leadersboard.api.app import create_app
from leadersboard.bootstrap import build_signer, open_records
from leadersboard.domain.job import JobEvent, Result
from leadersboard.domain.signature import Receipt, Statement
from leadersboard.ports.records import Ending
from leadersboard.settings import Settings
from tests.builders import SCRIPT_FILES, form, notebook
from tests.conftest import SettableClock, free_port
from tests.contract.rows import claim
from tests.integration.conftest import ServedApi, redis_dsn  # noqa: F401 - a fixture


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, redis_dsn: str) -> Iterator[dict[str, str]]:  # noqa: F811
    """The address of an API, and the ids of a submission and of a completed job of `alice`."""
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        redis_url=redis_dsn,
        api_tokens="alice:secret,boss:boss-secret",
        organisers="boss",
        api_port=free_port(),
        max_submissions_per_hour=1_000_000,
        max_file_bytes=200_000,
        max_upload_bytes=500_000,
        max_notebook_bytes=100_000,
        min_free_bytes=0,
        mlflow_tracking_uri=f"http://127.0.0.1:{free_port()}",
    )
    with ServedApi(uvicorn.Config(create_app(settings), port=settings.api_port, log_level="warning")) as url:
        with httpx.Client(base_url=url, headers={"Authorization": "Bearer secret"}, timeout=60) as client:
            sent = form({"nb.ipynb": notebook("1"), **SCRIPT_FILES})
            submission = client.post("/submissions", files=sent, data={"entrypoint": "nb.ipynb"}).json()
            job = client.post("/jobs", json={"submission_id": submission["submission_id"]}).json()
        _complete(job["job_id"], submission["digest"], settings)
        yield {"url": url, "submission_id": submission["submission_id"], "job_id": job["job_id"]}


def _complete(job_id: str, digest: str, settings: Settings) -> None:
    result = Result({"image_auroc": 0.75}, {"image_auroc": (0.5, 0.9)}, {"die": {"image_auroc": 0.75}}, {"own": 1.0})
    clock = SettableClock()
    with open_records(settings) as records:
        job = claim(records, clock)
        assert job is not None
        assert job.job_id == job_id
        statement = Statement(job_id, job.user_id, digest, job.benchmark, job.benchmark_version, result)
        receipt = Receipt.of(statement, build_signer(settings))
        clock.advance(minutes=1)
        with records.writing() as transaction:
            ending = Ending(JobEvent.COMPLETE, result=result, receipt=receipt)
            assert transaction.jobs.end(job_id, job.attempt, ending, clock.now())
    _leave_files(job_id, settings)


def _leave_files(job_id: str, settings: Settings) -> None:
    folder = Path(settings.home_path) / "left"
    folder.mkdir()
    (folder / "executed.ipynb").write_bytes(notebook("1"))
    (folder / "predictions.csv").write_text("image_id,anomaly_score\n")
    (folder / "plot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    FsspecJobFiles(settings.artifacts).keep(job_id, 1, folder, "")
