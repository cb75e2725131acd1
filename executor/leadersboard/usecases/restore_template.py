"""Puts the locked cells of a template back into a notebook that was made from it, before it runs.

Locked cells are those that write what is scored: a slip in them costs a whole run. Nothing about trust rests on it,
since whoever takes the template's name out of the notebook is left alone.
"""

from pathlib import Path

from leadersboard.domain.submission import Entry
from leadersboard.domain.template import Template
from leadersboard.ports.notebooks import Notebooks
from leadersboard.ports.templates import Templates


def restore_template(notebook: Path, templates: Templates, notebooks: Notebooks) -> tuple[int, ...]:
    """Restore the locked cells of the file `notebook` and return which were, counted from 1.

    Nothing is restored where the notebook names no template, or one or a version of one that is not here.

    Raises:
        UnreadableNotebook
    """
    content = notebook.read_bytes()
    about = notebooks.inspect(content, notebook.name).about
    template = _named(about.get("template"), about.get("template_version"), templates)
    if template is None:
        return ()
    restored = notebooks.restore_locked(content, templates.read(template, template.files[0]), notebook.name)
    if restored.cells:
        notebook.write_bytes(restored.content)
    return restored.cells


def _named(name: object, version: object, templates: Templates) -> Template | None:
    template = templates.get(name) if isinstance(name, str) else None
    if template is None or template.entry is not Entry.NOTEBOOK:
        return None
    return template if str(version) == template.version else None
