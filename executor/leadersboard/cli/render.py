"""Tables: drawn for people at a terminal, plain columns for everything else."""

import re
import sys
from collections.abc import Sequence
from typing import TextIO

from leadersboard.answers import Board, BoardRow, JobView
from leadersboard.cli.words import say

_GAP = "  "
_COLOUR = re.compile(r"(\x1b\[[0-9;]*m)")


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """Print a table on the standard output; without colour, borders or cuts where that is no terminal."""
    if not sys.stdout.isatty():
        print(plain_table(headers, rows))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left")
    for number, header in enumerate(headers):
        right = all(_is_number(row[number]) for row in rows)
        table.add_column(header, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def plain_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the table as lines with aligned columns."""
    from rich.cells import cell_len

    lines = [[printable(cell) for cell in line] for line in (headers, *rows)]
    widths = [max(cell_len(line[number]) for line in lines) for number in range(len(headers))]
    return "\n".join(
        _GAP.join(cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def printable(text: str) -> str:
    """Return `text` on one line, without characters that a terminal would act on."""
    return "".join(character if character.isprintable() else " " for character in text)


def printable_log(text: str, *, colours: bool) -> str:
    """Return what a job printed without anything a terminal would act on, but line ends and, if wanted, `colours`."""
    pieces = _COLOUR.split(text)
    # The pattern is one group, so that every second piece is a colour.
    return "".join(
        (piece if colours else "")
        if place % 2
        else "".join(one for one in piece if one.isprintable() or one in "\n\t\r")
        for place, piece in enumerate(pieces)
    )


def board_table(board: Board) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows of a board: ranks, the primary metric with its interval, the other metrics."""
    shown = {name for row in board.rows for name in row.metrics}
    others = [name for name in board.metric_names if name in shown and name != board.primary_metric]
    headers = ["#", "method", "user", board.primary_metric, *others, "job"]
    rows = [
        [
            "-" if row.rank is None else str(row.rank),
            row.method if row.kind == "scored" else f"{row.method} ({row.kind})",
            row.user_id,
            _with_interval(row, board.primary_metric),
            *(number(row.metrics.get(name)) for name in others),
            row.job_id,
        ]
        for row in board.rows
    ]
    return headers, rows


def print_board(board: Board) -> None:
    """Print a board, or that it is empty."""
    if not board.rows:
        print(say("empty_board", benchmark=board.benchmark))
        return
    headers, rows = board_table(board)
    print_table(headers, rows, title=f"{board.benchmark} {board.version}".strip())


def print_jobs(jobs: Sequence[JobView]) -> None:
    """Print a list of jobs."""
    if not jobs:
        print(say("no_jobs"))
        return
    rows = [[job.job_id, state_of(job), job.benchmark or "-", seconds(job.run_seconds), job.created_at] for job in jobs]
    print_table(["job", "status", "benchmark", "ran", "created"], rows)


def state_of(job: JobView) -> str:
    """Return where a job is, in a few words."""
    if job.status == "pending" and job.ahead is not None:
        return say("waiting_ahead", ahead=job.ahead)
    if job.status != "running":
        return job.status
    if job.stage == "executing" and job.cell and job.cells:
        return say("cell", cell=job.cell, cells=job.cells)
    return job.stage or job.status


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def seconds(value: float | None) -> str:
    """Return a duration as people write it: 8 s, 3:05, 1:02:03."""
    if value is None:
        return "-"
    if value < 60:
        return f"{value:.0f} s"
    minutes, rest = divmod(int(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def warn(text: str, stream: TextIO | None = None) -> None:
    """Print a sentence beside the results, so that those can be read by a program."""
    print(text, file=stream or sys.stderr, flush=True)


def _with_interval(row: BoardRow, name: str) -> str:
    interval = row.intervals.get(name)
    value = number(row.metrics.get(name))
    return f"{value} [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else value


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit() or text == "-"
