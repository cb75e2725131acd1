"""Templates from folders: `NAME/NAME.ipynb`, or `NAME/main.py` with its `config.yaml`."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from leadersboard.adapters.nbformat_notebooks import ABOUT
from leadersboard.domain.submission import DEFAULT_ENTRYPOINT, Entry
from leadersboard.domain.template import Template

_LAST = 1000
_SCRIPT_TEXTS = {
    "title": {"en": "Script", "ja": "スクリプト"},
    "description": {
        "en": "main.py and config.yaml, for those who work without notebooks.",
        "ja": "ノートブックを使わない方のための main.py と config.yaml です。",
    },
}


class FolderTemplates:
    """The `Templates` port over `folder`. Definitions are read once, when the process starts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found = [_read(path) for path in sorted(folder.iterdir()) if path.is_dir()] if folder.is_dir() else []
        templates = sorted((one for one in found if one is not None), key=lambda one: (one.order, one.name))
        self._known = {template.name: template for template in templates}

    def all(self) -> Sequence[Template]:
        return list(self._known.values())

    def get(self, name: str) -> Template | None:
        return self._known.get(name)

    def read(self, template: Template, file: str) -> bytes:
        return (self._folder / template.name / file).read_bytes()


def _read(folder: Path) -> Template | None:
    notebook = folder / f"{folder.name}.ipynb"
    if notebook.is_file():
        metadata = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]
        return _template(folder, Entry.NOTEBOOK, (notebook.name,), metadata.get(ABOUT, {}))
    if (folder / DEFAULT_ENTRYPOINT).is_file():
        files = tuple(sorted(path.name for path in folder.iterdir() if path.is_file()))
        return _template(folder, Entry.SCRIPT, files, _SCRIPT_TEXTS)
    return None


def _template(folder: Path, entry: Entry, files: tuple[str, ...], about: Mapping[str, Any]) -> Template:
    return Template(
        name=folder.name,
        version=str(about.get("template_version", "1")),
        entry=entry,
        benchmark=about.get("benchmark"),
        title=about.get("title", {"en": folder.name, "ja": folder.name}),
        description=about.get("description", {"en": "", "ja": ""}),
        order=int(about.get("order", _LAST)),
        files=files,
        digest=hashlib.sha256((folder / files[0]).read_bytes()).hexdigest(),
    )
