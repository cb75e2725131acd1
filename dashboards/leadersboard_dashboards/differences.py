"""How two notebooks differ, cell by cell; nbdime finds it."""

import difflib
import html
from collections.abc import Mapping, Sequence
from typing import Any

import nbdime
import nbformat

from leadersboard_dashboards.words import word

# The platform puts its own cell and timings into each executed notebook.
_INJECTED = "injected-parameters"
_Cell = Mapping[str, Any]


def notebook_differences(first: Mapping[str, Any], second: Mapping[str, Any], language: str) -> str:
    """Return the cells that were added, removed or changed, as HTML; empty where the sources are the same."""
    old, new = _sources(first), _sources(second)
    found: list[str] = []
    for change in _changes_of_cells(old, new):
        found += _drawn(change, old["cells"], language)
    return "".join(found)


def _sources(notebook: Mapping[str, Any]) -> Any:
    """Return the notebook without what running it has left: outputs, counts, metadata, injected parameters."""
    cells = [
        nbformat.from_dict({"cell_type": cell["cell_type"], "metadata": {}, "source": "".join(cell["source"])})
        for cell in notebook["cells"]
        if _INJECTED not in cell.get("metadata", {}).get("tags", ())
    ]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def _changes_of_cells(old: Any, new: Any) -> Sequence[Any]:
    return [change for part in nbdime.diff_notebooks(old, new) if part.key == "cells" for change in part.diff]


def _drawn(change: Any, old: Sequence[_Cell], language: str) -> list[str]:
    number = change.key + 1
    if change.op == "addrange":
        return [_box(word("cell_added", language, cell=number), "", cell["source"]) for cell in change.valuelist]
    if change.op == "removerange":
        removed = old[change.key : change.key + change.length]
        return [_box(word("cell_removed", language, cell=number), cell["source"], "") for cell in removed]
    before = old[change.key]["source"]
    after = nbdime.patch(old[change.key], change.diff)["source"]
    return [_box(word("cell_changed", language, cell=number), before, after)] if before != after else []


def _box(title: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    shown = [_line(line) for line in lines if not line.startswith(("---", "+++", "@@"))]
    return f'<h3>{html.escape(title)}</h3><pre class="lb-log lb-diff" tabindex="0">{"".join(shown)}</pre>'


def _line(line: str) -> str:
    kind = {"+": "ins", "-": "del"}.get(line[:1], "span")
    return f"<{kind}>{html.escape(line)}</{kind}>\n"
