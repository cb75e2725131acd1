"""Data sets: generated, checked, prepared and found.

What making them needs is imported at its first use: the API asks only whether there is one, and must not wait for
image libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadersboard.datasets.errors import DatasetFolderTaken, DatasetLayoutError, DatasetNameInvalid
from leadersboard.datasets.prepared import PreparedDataset, find

if TYPE_CHECKING:
    from leadersboard.datasets.generation import Counts, generate
    from leadersboard.datasets.mvtec import Layout, check_layout
    from leadersboard.datasets.preparation import prepare

__all__ = [
    "Counts",
    "DatasetFolderTaken",
    "DatasetLayoutError",
    "DatasetNameInvalid",
    "Layout",
    "PreparedDataset",
    "check_layout",
    "find",
    "generate",
    "prepare",
]

_MADE_IN = {
    "Counts": "generation",
    "generate": "generation",
    "Layout": "mvtec",
    "check_layout": "mvtec",
    "prepare": "preparation",
}


def __getattr__(name: str) -> Any:
    if name not in _MADE_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MADE_IN[name]}"), name)
