"""A small demonstration data set, and real runs of notebooks on it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from leadersboard.datasets import Counts, PreparedDataset, generate, prepare
from leadersboard.shipped import shipped

SCORING = shipped("notebooks") / "benchmarks" / "demo-inspection" / "score.ipynb"
_LINES = 10


def small_demonstration(folder: Path) -> PreparedDataset:
    """Return a demonstration data set of a tenth of the images."""
    generate(folder / "full", 7, Counts(train=12, test_good=10, test_anomalous=10))
    return prepare(folder / "full", folder / "data", "demo-inspection", 7)


def run_notebook(notebook: Path, executed: Path, parameters: Mapping[str, str]) -> nbformat.NotebookNode:
    """Run `notebook` by papermill, in a process of its own, and return it executed."""
    given = [text for name, value in parameters.items() for text in ("-r", name, value)]
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(notebook), str(executed), *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=executed.parent, env=os.environ)
    assert done.returncode == 0, done.stderr[-3000:]
    return nbformat.read(executed, as_version=4)


def score(outputs: Path, dataset: PreparedDataset, folder: Path) -> tuple[dict[str, Any], nbformat.NotebookNode]:
    """Run the scoring notebook on `outputs` and return its result, and itself executed; figures are in `folder`."""
    folder.mkdir()
    executed = run_notebook(
        SCORING,
        folder / "scoring.ipynb",
        {
            "outputs_dir": str(outputs),
            "public_dir": str(dataset.public),
            "hidden_dir": str(dataset.hidden),
            "benchmark_file": str(SCORING.parent / "benchmark.toml"),
            "result_file": str(folder / "result.json"),
        },
    )
    return json.loads((folder / "result.json").read_text(encoding="utf-8")), executed


def check_page(notebook: Path) -> None:
    """Assert that a notebook of the repository is clean and reads as a page."""
    page = nbformat.read(notebook, as_version=4)
    nbformat.validate(page)
    tagged = [cell for cell in page.cells if "parameters" in cell.metadata.get("tags", ())]
    assert len(tagged) == 1, "one cell holds the parameters"
    assert all("#" in line for line in tagged[0].source.splitlines()), "each parameter has its help"
    before = None
    for cell in page.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [], "no outputs are kept"
            assert cell.execution_count is None
            assert len(cell.source.splitlines()) <= _LINES, cell.source
            assert before == "markdown", f"a sentence comes before: {cell.source[:60]}"
        before = cell.cell_type


def pictures(notebook: nbformat.NotebookNode) -> int:
    """Return how many pictures an executed notebook shows."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return sum("image/png" in output.get("data", {}) for output in outputs)
