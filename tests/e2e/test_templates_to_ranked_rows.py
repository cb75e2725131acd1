"""The demonstration benchmark as participants meet it: templates submitted as they are, on a small set of images."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadersboard.datasets.generation import Counts, generate
from leadersboard.datasets.preparation import prepare
from leadersboard.shipped import shipped
from tests.builders import form
from tests.integration.conftest import wait_until
from tests.integration.worker.conftest import Stack, running_stack

GIB = 1024**3
# Fewer and smaller than in the demonstration: what is tested is the way, not the method.
QUICK: dict[str, dict[str, Any]] = {
    "classical": {},
    "padim": {"n_features": 20, "image_size": 64},
    "patchcore": {"coreset_ratio": 0.05, "image_size": 64},
    "fastflow": {"epochs": 1, "flow_steps": 2, "image_size": 64},
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("e")
    full = folder / "full"
    generate(full, seed=7, counts=Counts(train=8, test_good=6, test_anomalous=6))
    prepare(full, folder / "home" / "data", "demo-inspection")
    with running_stack(
        folder,
        benchmarks_dir=shipped("notebooks") / "benchmarks",
        default_benchmark="demo-inspection",
        small_memory_bytes=6 * GIB,
        small_wall_seconds=600,
        log_bytes=10_000_000,
    ) as stack:
        stack.start_worker()
        yield stack


def submit_template(stack: Stack, name: str, parameters: dict[str, Any]) -> str:
    content = stack.client.get(f"/templates/{name}").content
    entrypoint = f"{name}.ipynb"
    submission = stack.client.post("/submissions", files=form({entrypoint: content}), data={"entrypoint": entrypoint})
    config = {"resource_class": "small", "parameters": parameters}
    body = {"submission_id": submission.json()["submission_id"], "config": config}
    job_id: str = stack.client.post("/jobs", json=body).json()["job_id"]
    return job_id


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", QUICK)
def test_a_template_goes_from_submission_to_a_ranked_row(name: str, stack: Stack) -> None:
    job_id = submit_template(stack, name, QUICK[name])
    job = stack.ended(job_id, 500)
    assert job["status"] == "completed", (job["failure"], stack.log(job_id)[-2000:])
    results = stack.client.get(f"/jobs/{job_id}/results").json()
    names = {"image_auroc", "image_f1_max", "pixel_auroc", "pixel_f1_max", "aupro"}
    assert results["metrics"].keys() == names
    assert all(0 <= value <= 1 for value in results["metrics"].values())
    low, high = results["intervals"]["image_auroc"]
    assert low <= results["metrics"]["image_auroc"] <= high
    assert len(results["by_category"]) == 3
    (row,) = (row for row in stack.client.get("/leaderboard/demo-inspection").json()["rows"] if row["job_id"] == job_id)
    assert (row["template"], row["kind"]) == (name, "scored")
    assert row["rank"] == results["rank"]
    pictures = [one["filename"] for one in stack.client.get(f"/jobs/{job_id}/visualizations").json()["artifacts"]]
    assert any("heatmaps" in picture for picture in pictures)
    wait_until(lambda: [run["info"]["status"] for run in stack.mlflow.runs(job_id)] == ["FINISHED"])


def test_the_script_template_is_scored_and_reports(stack: Stack) -> None:
    folder = shipped("templates") / "script"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    job_id = stack.submit(files=files)
    job = stack.ended(job_id, 200)
    assert job["status"] == "completed", (job["failure"], stack.log(job_id))
    results = stack.client.get(f"/jobs/{job_id}/results").json()
    assert "image_auroc" in results["metrics"]
    assert results["reported_metrics"].keys() == {"mean_score"}


@pytest.mark.parametrize("path", sorted(shipped("templates").glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_a_template_is_clean_and_reads_as_a_page(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert cells[0]["cell_type"] == "markdown"
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in code) == 1
    assert max(len("".join(cell["source"]).splitlines()) for cell in code) <= 12
    assert notebook["metadata"]["leadersboard"]["template"] == path.stem
