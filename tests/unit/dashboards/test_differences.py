"""How notebooks differ, and what does not count as a difference."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from leadersboard_dashboards.differences import notebook_differences


def notebook(*sources: str) -> nbformat.NotebookNode:
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def test_what_running_has_left_is_no_difference() -> None:
    plain, executed = notebook("a = 1", "print(a)"), notebook("a = 1", "print(a)")
    executed.cells[1].outputs = [new_output("stream", text="1\n")]
    executed.cells[1].execution_count = 7
    executed.cells.insert(1, new_code_cell("a = 2", metadata={"tags": ["injected-parameters"]}))
    assert notebook_differences(plain, executed, "en") == ""


def test_added_removed_and_changed_cells_are_shown_with_their_lines() -> None:
    shown = notebook_differences(notebook("a = 1", "b = 2\nc = 3"), notebook("a = 1", "b = 2\nc = 4", "d = 5"), "en")
    assert "Cell 2: changed" in shown
    assert "<del>-c = 3</del>" in shown
    assert "<ins>+c = 4</ins>" in shown
    assert "added" in shown
    assert "<ins>+d = 5</ins>" in shown
    assert "Cell 2: removed" in notebook_differences(notebook("a = 1", "b = 2"), notebook("a = 1"), "en")


def test_what_a_cell_holds_is_shown_and_never_becomes_part_of_the_page() -> None:
    shown = notebook_differences(notebook("a"), notebook("<script>alert(1)</script>"), "ja")
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
