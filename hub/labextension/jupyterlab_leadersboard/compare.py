"""The difference between two notebooks, cell by cell and line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

# Beyond this the time to compare two cells grows past what is worth waiting for; they are shown one after the other.
_MOST_LINES = 2000

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Cell:
    name: str
    kind: str
    source: str


def differences(before: Sequence[Any], after: Sequence[Any]) -> list[Shown]:
    """Return the way from the cells `before` to the cells `after`.

    Each is `{"kind", "cell_type", "rows"}`, `kind` one of `same`, `changed`, `added`, `removed`, and each row of it
    `{"kind", "text"}`, `kind` one of `same`, `added`, `removed`. What is no cell is left out.
    """
    old, new = _cells(before), _cells(after)
    # A copied cell keeps its id; one without a partner of that id is known by its text.
    common = {cell.name for cell in old if cell.name} & {cell.name for cell in new}
    matcher = SequenceMatcher(None, _keys(old, common), _keys(new, common), autojunk=False)
    shown: list[Shown] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            shown += [_paired(one, two) for one, two in zip(old[i1:i2], new[j1:j2], strict=True)]
        else:
            shown += _replaced(old[i1:i2], new[j1:j2])
    return shown


def _cells(cells: Sequence[Any]) -> list[_Cell]:
    found = []
    for cell in cells:
        if isinstance(cell, dict):
            source = cell.get("source", "")
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            found.append(_Cell(str(cell.get("id") or ""), str(cell.get("cell_type", "raw")), text))
    return found


def _keys(cells: list[_Cell], common: set[str]) -> list[tuple[str, str]]:
    return [("id", cell.name) if cell.name in common else (cell.kind, cell.source) for cell in cells]


def _replaced(old: list[_Cell], new: list[_Cell]) -> Iterator[Shown]:
    for one, two in zip_longest(old, new):
        if one is not None and two is not None and one.kind == two.kind:
            yield _paired(one, two)
            continue
        if one is not None:
            yield _alone("removed", one)
        if two is not None:
            yield _alone("added", two)


def _paired(old: _Cell, new: _Cell) -> Shown:
    same = old.source == new.source and old.kind == new.kind
    rows = list(_rows(old.source.splitlines(), new.source.splitlines()))
    return {"kind": "same" if same else "changed", "cell_type": new.kind, "rows": rows}


def _alone(kind: str, cell: _Cell) -> Shown:
    return {"kind": kind, "cell_type": cell.kind, "rows": [_row(kind, line) for line in cell.source.splitlines()]}


def _rows(old: list[str], new: list[str]) -> Iterator[Shown]:
    if old != new and max(len(old), len(new)) > _MOST_LINES:
        yield from (_row("removed", line) for line in old)
        yield from (_row("added", line) for line in new)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield from (_row("same", line) for line in old[i1:i2])
        else:
            yield from (_row("removed", line) for line in old[i1:i2])
            yield from (_row("added", line) for line in new[j1:j2])


def _row(kind: str, text: str) -> Shown:
    return {"kind": kind, "text": text}
