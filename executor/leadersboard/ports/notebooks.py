"""Reads notebooks without running them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class NotebookFacts:
    """What a notebook says of itself; `parameters_source` is None where no cell is tagged `parameters`."""

    cells: int
    parameters_source: str | None
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RestoredNotebook:
    """A notebook with its template's locked cells, and which of them had to be put back, counted from 1."""

    content: bytes
    cells: tuple[int, ...]


class Notebooks(Protocol):
    """Reads notebooks."""

    def inspect(self, content: bytes, name: str) -> NotebookFacts:
        """Check a notebook and return what it says of itself.

        Raises:
            UnreadableNotebook: it is not a Python notebook of format 4.
        """
        ...

    def restore_locked(self, content: bytes, template: bytes, name: str) -> RestoredNotebook:
        """Return the notebook with the locked cells of `template` as they are there.

        Raises:
            UnreadableNotebook
        """
        ...

    def to_html(self, content: bytes) -> str:
        """Return the notebook as a page in which no script runs.

        Raises:
            UnreadableNotebook
        """
        ...
