"""What tests send in."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import nbformat
from nbformat import v4

PARAMETERS = 'data_dir = ""\noutput_dir = ""\ndevice = "cpu"\nseed = 0\n'


def notebook(*cells: str, parameters: str | None = PARAMETERS, about: Mapping[str, Any] | None = None) -> bytes:
    """Return a notebook of code cells, the first of them tagged `parameters` unless that is None."""
    built = [v4.new_code_cell(source) for source in cells]
    if parameters is not None:
        built.insert(0, v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    if about is not None:
        metadata["leadersboard"] = dict(about)
    return nbformat.writes(v4.new_notebook(cells=built, metadata=metadata)).encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive of `files`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


Files = Sequence[tuple[str, tuple[str, bytes]]]


def form(files: Mapping[str, bytes] | Sequence[tuple[str, bytes]]) -> Files:
    """Return `files` as an HTTP client takes them."""
    pairs = files.items() if isinstance(files, Mapping) else files
    return [("files", (name, content)) for name, content in pairs]


SCRIPT = b"""import argparse, json, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--config")
parser.add_argument("--output")
arguments = parser.parse_args()
print("config:", pathlib.Path(arguments.config).read_text())
result = {"params": {"method": "padim"}, "metrics": {"image_auc": 0.75}}
pathlib.Path(arguments.output, "metrics.json").write_text(json.dumps(result))
"""
SCRIPT_FILES = {"main.py": SCRIPT, "config.yaml": b"method: padim\n"}


def as_json(value: object) -> str:
    return json.dumps(value)
