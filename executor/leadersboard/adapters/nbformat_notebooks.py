"""Notebooks read by nbformat, shown by nbconvert."""

import json
import re
from typing import Any, cast

import nbformat
from nbformat import v4
from nbformat.notebooknode import NotebookNode
from nbformat.validator import normalize

from leadersboard.adapters.locked_cells import restore
from leadersboard.domain.errors import UnreadableNotebook
from leadersboard.ports.notebooks import NotebookFacts, RestoredNotebook

# Metadata that templates carry; see `templates/`.
ABOUT = "leadersboard"
# Characters beyond the first plane are escaped as pairs of these, so that finding one says nothing yet.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class NbformatNotebooks:
    """The `Notebooks` port."""

    def inspect(self, content: bytes, name: str) -> NotebookFacts:
        notebook = _read(content, name)
        about = notebook.metadata.get(ABOUT, {})
        return NotebookFacts(
            cells=len(notebook.cells),
            parameters_source=_parameters_source(notebook, name),
            about=about if isinstance(about, dict) else {},
        )

    def restore_locked(self, content: bytes, template: bytes, name: str) -> RestoredNotebook:
        notebook = _read(content, name)
        cells = restore(notebook, _read(template, "template"))
        return RestoredNotebook(nbformat.writes(notebook, nbformat.NO_CONVERT).encode(), cells)

    def to_html(self, content: bytes) -> str:
        # nbconvert takes a second to import, and only this needs it.
        from nbconvert import HTMLExporter

        exporter = HTMLExporter(sanitize_html=True, embed_images=False, exclude_anchor_links=True)
        body, _ = exporter.from_notebook_node(_read(content, "notebook"))
        return str(body)


def _read(content: bytes, name: str) -> NotebookNode:
    try:
        return _checked(content, name)
    except RecursionError:
        raise UnreadableNotebook(name=name, problem="it is nested too deeply") from None


def _checked(content: bytes, name: str) -> NotebookNode:
    try:
        raw = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError):
        raise UnreadableNotebook(name=name, problem="it is not JSON") from None
    if not isinstance(raw, dict) or raw.get("nbformat") != 4:
        raise UnreadableNotebook(name=name, problem="it is not a notebook of format 4")
    if _SURROGATE.search(content) and not _is_text(raw):
        raise UnreadableNotebook(name=name, problem="a text in it holds half a character (a lone surrogate)")
    try:
        # Gives cells without an id one, as Jupyter does, so that older notebooks pass.
        _, normal = normalize(raw, relax_add_props=True)
        nbformat.validate(normal, relax_add_props=True)
    except nbformat.ValidationError as error:
        raise UnreadableNotebook(name=name, problem=str(error.message)[:200]) from None
    # Joins the lines that cells are stored as.
    notebook: NotebookNode = v4.to_notebook(normal)
    language = _language(notebook)
    if language != "python":
        raise UnreadableNotebook(name=name, problem=f"its language is {language!r}, and only Python can be run")
    return notebook


def _is_text(raw: dict[str, Any]) -> bool:
    try:
        json.dumps(raw, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _language(notebook: NotebookNode) -> str:
    metadata: dict[str, Any] = notebook.metadata
    info = metadata.get("language_info", {})
    spec = metadata.get("kernelspec", {})
    return str(info.get("name") or spec.get("language") or "python")[:50].lower()


def _parameters_source(notebook: NotebookNode, name: str) -> str | None:
    tagged = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    if len(tagged) > 1:
        raise UnreadableNotebook(name=name, problem="more than one cell is tagged 'parameters'")
    return cast(str, tagged[0].source) if tagged else None
