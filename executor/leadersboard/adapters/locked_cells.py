"""Cells of a template that a participant's copy keeps as they are."""

from nbformat.notebooknode import NotebookNode

LOCKED = "leadersboard-locked"


def restore(notebook: NotebookNode, template: NotebookNode) -> tuple[int, ...]:
    """Put the locked cells of `template` back into `notebook` and return which were changed, counted from 1.

    A cell is known by its id, which Jupyter keeps through every edit; in notebooks of before there were ids, by being
    the same or by its place among the locked ones. One that is gone comes back behind the cell that it followed.
    """
    changed: set[int] = set()
    for number, original in enumerate(template.cells):
        if not _is_locked(original):
            continue
        place = _place_of(original, notebook, template)
        if place is None:
            place = _place_after(template.cells[:number], notebook)
            notebook.cells.insert(place, original.copy())
            changed = {index + (index >= place) for index in changed} | {place}
        elif not _is_same(notebook.cells[place], original):
            notebook.cells[place] = original.copy()
            changed.add(place)
    return tuple(index + 1 for index in sorted(changed))


def _is_locked(cell: NotebookNode) -> bool:
    return LOCKED in cell.get("metadata", {}).get("tags", [])


def _is_same(cell: NotebookNode, original: NotebookNode) -> bool:
    return bool(cell.cell_type == original.cell_type and cell.source == original.source)


def _place_of(original: NotebookNode, notebook: NotebookNode, template: NotebookNode) -> int | None:
    cells = notebook.cells
    by_id = [place for place, cell in enumerate(cells) if cell.get("id") == original.get("id")]
    if by_id:
        return by_id[0]
    known = {cell.get("id") for cell in template.cells}
    if any(cell.get("id") in known for cell in cells):
        # Ids were kept, so this one was taken out.
        return None
    same = [place for place, cell in enumerate(cells) if _is_same(cell, original)]
    if same:
        return same[0]
    locked = [place for place, cell in enumerate(cells) if _is_locked(cell)]
    turn = [cell for cell in template.cells if _is_locked(cell)].index(original)
    return locked[turn] if turn < len(locked) else None


def _place_after(before: list[NotebookNode], notebook: NotebookNode) -> int:
    places = {cell.get("id"): place for place, cell in enumerate(notebook.cells)}
    kept = [places[cell.get("id")] for cell in before if cell.get("id") in places]
    # Without any that it followed it comes last: what it needs has been made by then.
    return kept[-1] + 1 if kept else len(notebook.cells)
