"""Reads the file that says what jobs may use: the one that comes with the platform, and an operator's own over it."""

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadersboard.domain.resources import ResourceClass

SHIPPED = Path(__file__).with_name("resources.toml")
# Not for participants: the limits of scoring notebooks.
SCORING = "scoring"
# What may be 0, which then means that there is no limit but the machine's own.
_MAY_BE_ZERO = frozenset({"gpu_memory_bytes"})
_NUMBERS = tuple(field.name for field in dataclasses.fields(ResourceClass) if field.name != "name")


def read_classes(own: Path | None) -> dict[str, ResourceClass]:
    """Return the classes of the shipped file and those of `own`; a class there changes or adds to the shipped one.

    Raises:
        ValueError: `own` cannot be read, or says something that no limit can be; the text says where.
    """
    shipped = _tables(SHIPPED)
    tables = dict(shipped)
    for name, table in (_tables(own) if own is not None else {}).items():
        tables[name] = {**shipped.get(name, shipped["small"]), **table}
    return {name: _class(name, table) for name, table in tables.items()}


def _tables(path: Path) -> dict[str, dict[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error
    for name, table in content.items():
        if not isinstance(table, dict):
            raise ValueError(  # noqa: TRY004 - what is wrong is the file
                f"{path}: {name!r} is not in a table; begin with [small], [medium] or one of your own"
            )
        if unknown := table.keys() - set(_NUMBERS):
            raise ValueError(f"{path}: [{name}] does not know {', '.join(sorted(unknown))}")
    return content


def _class(name: str, table: Mapping[str, Any]) -> ResourceClass:
    for limit, value in table.items():
        right = isinstance(value, int | float) and not isinstance(value, bool)
        if not right or value < 0 or (value == 0 and limit not in _MAY_BE_ZERO):
            raise ValueError(f"[{name}] {limit} must be a number above 0, not {value!r}")
    return ResourceClass(name, **table)
