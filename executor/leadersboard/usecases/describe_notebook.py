"""Reads what a notebook says of itself, for a form that asks for its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from leadersboard.domain.errors import FileTooLarge
from leadersboard.domain.parameters import Parameter, parse_parameters
from leadersboard.ports.notebooks import Notebooks
from leadersboard.usecases.limits import UploadLimits


@dataclass(frozen=True, slots=True)
class NotebookDescription:
    """`parameters` is None where no cell is tagged `parameters`; `about` is what its template wrote into it."""

    cells: int
    parameters: tuple[Parameter, ...] | None
    about: Mapping[str, Any]


def describe_notebook(
    name: str, content: BinaryIO, *, notebooks: Notebooks, limits: UploadLimits
) -> NotebookDescription:
    """Return the description of the notebook in `content`.

    Raises:
        FileTooLarge, UnreadableNotebook, UnreadableParametersCell
    """
    read = content.read(limits.max_notebook_bytes + 1)
    if len(read) > limits.max_notebook_bytes:
        raise FileTooLarge(name=name[:100], limit_bytes=limits.max_notebook_bytes)
    facts = notebooks.inspect(read, name[:100])
    source = facts.parameters_source
    parameters = None if source is None else parse_parameters(source, name[:100])
    return NotebookDescription(facts.cells, parameters, facts.about)
