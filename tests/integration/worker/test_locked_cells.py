"""Locked cells of a template, as they come back on the worker."""

from collections.abc import Iterator

import nbformat
import pytest
from nbformat import v4

from tests.builders import form
from tests.integration.worker.conftest import PREDICT, Stack, running_stack, write_tiny_dataset

ABOUT = {"template": "tiny", "template_version": "1", "benchmark": "tiny"}


def made_from_template(writes: str) -> str:
    """Return a notebook of the template whose locked cell is `writes`."""
    cells = [
        v4.new_code_cell('output_dir = ""', id="parameters", metadata={"tags": ["parameters"]}),
        v4.new_code_cell(writes, id="contract", metadata={"tags": ["leadersboard-locked"]}),
    ]
    return str(nbformat.writes(v4.new_notebook(cells=cells, metadata={"leadersboard": ABOUT})))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A platform with a worker and a template whose last cell is locked."""
    folder = tmp_path_factory.mktemp("s")
    write_tiny_dataset(folder / "home" / "data")
    template = folder / "templates" / "tiny" / "tiny.ipynb"
    template.parent.mkdir(parents=True)
    template.write_text(made_from_template(PREDICT))
    with running_stack(folder, templates_dir=folder / "templates") as stack:
        stack.start_worker(LEADERSBOARD_TEMPLATES_DIR=str(folder / "templates"))
        yield stack


def test_a_locked_cell_that_was_changed_is_put_back_and_the_job_says_so(stack: Stack) -> None:
    sent = form({"nb.ipynb": made_from_template("raise SystemExit").encode()})
    submission = stack.client.post("/submissions", files=sent, data={"entrypoint": "nb.ipynb"}).json()
    job_id = stack.client.post("/jobs", json={"submission_id": submission["submission_id"]}).json()["job_id"]

    job = stack.ended(job_id)

    assert (job["status"], job["restored_cells"]) == ("completed", [2])
    assert "locked: cells 2" in stack.log(job_id)
    executed = stack.client.get(f"/jobs/{job_id}/notebook").json()
    assert any("predictions.csv" in "".join(cell["source"]) for cell in executed["cells"])
    # What was sent stays as it was sent.
    kept = stack.client.get(f"/submissions/{submission['submission_id']}").json()
    assert kept["digest"] == submission["digest"]


def test_a_job_without_a_change_reports_none(stack: Stack) -> None:
    sent = form({"nb.ipynb": made_from_template(PREDICT).encode()})
    submission = stack.client.post("/submissions", files=sent, data={"entrypoint": "nb.ipynb"}).json()
    job_id = stack.client.post("/jobs", json={"submission_id": submission["submission_id"]}).json()["job_id"]
    assert stack.ended(job_id)["restored_cells"] == []
    results = stack.client.get(f"/jobs/{job_id}/results").json()
    assert results["verified"] is True
    assert results["rank"] is not None
