"""Locked cells of a template come back into notebooks that were made from it."""

from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from nbformat.notebooknode import NotebookNode

from leadersboard.adapters.folder_templates import FolderTemplates
from leadersboard.adapters.nbformat_notebooks import NbformatNotebooks
from leadersboard.usecases.restore_template import restore_template

ABOUT = {"template": "t", "template_version": "2", "benchmark": "b"}
LOCKED = {"tags": ["leadersboard-locked"]}


def template_notebook() -> NotebookNode:
    cells = [
        v4.new_code_cell("a = 1", id="cell-a"),
        v4.new_code_cell("contract()", id="cell-locked", metadata=LOCKED),
        v4.new_code_cell("b = 2", id="cell-b"),
        v4.new_code_cell("last()", id="cell-last", metadata=LOCKED),
    ]
    return v4.new_notebook(cells=cells, metadata={"leadersboard": dict(ABOUT)})


@pytest.fixture
def templates(tmp_path: Path) -> FolderTemplates:
    (tmp_path / "templates" / "t").mkdir(parents=True)
    nbformat.write(template_notebook(), tmp_path / "templates" / "t" / "t.ipynb")
    return FolderTemplates(tmp_path / "templates")


def restored(notebook: NotebookNode, templates: FolderTemplates, tmp_path: Path) -> tuple[tuple[int, ...], list[str]]:
    """Return which cells were restored, and the sources of all afterwards."""
    path = tmp_path / "nb.ipynb"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    cells = restore_template(path, templates, NbformatNotebooks())
    if not cells:
        assert path.read_bytes() == before
    return cells, [cell.source for cell in nbformat.read(path, as_version=4).cells]


def test_an_untouched_notebook_stays_as_it_is(templates: FolderTemplates, tmp_path: Path) -> None:
    assert restored(template_notebook(), templates, tmp_path)[0] == ()


def test_a_changed_cell_comes_back_and_others_stay_changed(templates: FolderTemplates, tmp_path: Path) -> None:
    notebook = template_notebook()
    notebook.cells[0].source = "a = 7"
    notebook.cells[1].source = "cheat()"
    cells, sources = restored(notebook, templates, tmp_path)
    assert (cells, sources) == ((2,), ["a = 7", "contract()", "b = 2", "last()"])


def test_a_cell_that_became_text_or_lost_its_tag_comes_back(templates: FolderTemplates, tmp_path: Path) -> None:
    notebook = template_notebook()
    notebook.cells[1] = v4.new_markdown_cell("contract()", id="cell-locked")
    assert restored(notebook, templates, tmp_path) == ((2,), ["a = 1", "contract()", "b = 2", "last()"])


def test_cells_that_were_taken_out_come_back_where_they_were(templates: FolderTemplates, tmp_path: Path) -> None:
    notebook = template_notebook()
    notebook.cells = [notebook.cells[0], v4.new_code_cell("mine()"), notebook.cells[2]]
    cells, sources = restored(notebook, templates, tmp_path)
    assert (cells, sources) == ((2, 5), ["a = 1", "contract()", "mine()", "b = 2", "last()"])


def test_a_notebook_of_before_cells_had_ids_is_known_by_its_locked_cells(
    templates: FolderTemplates, tmp_path: Path
) -> None:
    notebook = template_notebook()
    notebook.cells[3].source = "cheat()"
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    assert restored(notebook, templates, tmp_path) == ((4,), ["a = 1", "contract()", "b = 2", "last()"])


@pytest.mark.parametrize(
    "about", [{}, {"template": "other"}, {**ABOUT, "template_version": "1"}, {"template": ["t"]}, {"template": "../t"}]
)
def test_nothing_is_restored_without_a_known_template_and_version(
    about: dict[str, object], templates: FolderTemplates, tmp_path: Path
) -> None:
    notebook = template_notebook()
    notebook.metadata["leadersboard"] = about
    notebook.cells[1].source = "mine()"
    assert restored(notebook, templates, tmp_path)[0] == ()
