"""What was measured, as lines, and as docs/benchmarks.md with its plots."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.load import plots

PAGE = "benchmarks.md"
Figures = Mapping[str, Any]

_HEAD = """# Speed and size

`make bench` measures this, and `make bench ARGS=--write-docs` writes this page. Milliseconds of one machine say little
about another, so that everything stands beside something simple that was measured in the same run, in turns; the
ratio is what can be compared. "Range" is over those turns.
"""
_HTTP = """## HTTP, 8 clients

{requests} requests of each kind from {clients} clients of this machine that wait for nothing, as {callers} users, while
no worker runs, so that jobs pile up. Beside it a bare FastAPI application, in a process of its own, takes the same
requests and does nothing with them. Ours checks, digests and commits: 4 KiB reach the disk here in {commit_ms:.2f} ms.
Records: SQLite. The notebook has 20 KB. "Queued" is the status of jobs that wait, which tells their place in the queue.
"""
_ORIGINAL = """The original asks for a P95 of 500 ms (`POST /submissions`), 100 ms (`POST /jobs`) and 200 ms (status). Its own server
was measured on a machine like this: 34 ms and 316/s, 698 ms and 23/s once 400 jobs exist (it grows with them), 23 ms
and 486/s. Our aim for `POST /jobs` is a P95 under 20 ms, whether there are none or 100,000.

![P95 of POST /jobs by the number of jobs](images/bench-http.png)
"""
_TRIPS = """## From POST /jobs to the end

A notebook of one cell that prints a line, beside `papermill` on the command line, which starts at the same moment as
`POST /jobs` would. "First output" is when a client of the event stream has the cell's first line. The jobs have no
benchmark, so that no scoring is in this; the files are kept, and MLflow is told, as always. Seconds, medians.
"""
_LAB = """## In JupyterLab

Seconds, for one person in a browser on the same machine, with everything `leadersboard up` starts. "Pending" is when the
submission stands in the panel; "running" when the panel shows its first cell; the lag of a log is from the line's
printing in the kernel to its being on the screen. The hub is there when its login page is, from the command on.
"""
_LAB_ROWS = {
    "spawn": "start of a user's server",
    "click_to_pending": "Submit to pending",
    "click_to_running": "Submit to the first cell running",
    "log_lag": "lag of a line of the log",
}
_BOARDS = """## Boards

The leaderboard of a benchmark in a browser on the same machine, from the browser's asking to the first row on the
screen: with a page that is kept ready, and cold, where none is kept and the page starts for its viewer. Beside the
question for the first 100 rows, the same from `mlflow.search_runs`.
Everything that `leadersboard up` starts runs beside it.
"""
_REST = """## At rest

`leadersboard up --detach --no-baselines`, once nothing happens any more. PSS: a process's own memory, and its part of
what it shares with others. The bare application beside it holds {bare:.0f} MiB; all of this is {ratio:.1f} times as much.
"""
_START = """## Start

In an empty folder, and again after `leadersboard down`, with everything installed. The first time, the demonstration
data are generated after the API answers and before the command returns. The bare application is started right before.
"""
_NOTEBOOKS = {"trivial": "one trivial cell", "anomalib": "imports torch and anomalib"}
_MOMENTS = {"first_output": "first output", "whole": "completed"}


def write(found: Figures, folder: Path) -> None:
    """Write the page and its plots into `folder`."""
    parts = found["parts"]
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    for name, draw in plots.OF_PARTS.items():
        if name in parts:
            draw(parts[name], images)
    text = "\n".join(line.rstrip() for line in lines(found))
    (folder / PAGE).write_text(text.rstrip() + "\n", encoding="utf-8")


def lines(found: Figures, *, head: bool = True) -> Iterator[str]:
    """Yield the page line by line; parts that were not measured are left out."""
    if head:
        yield _HEAD
        yield _machine(found["machine"])
    for name, section in {"http": _http, "trips": _trips, "lab": _lab, "boards": _boards, "rest": _rest}.items():
        if name in found["parts"]:
            figures = found["parts"][name]
            yield from section(figures)
            yield f"Taken on {figures['date']}.{_QUICK if figures['quick'] else ''}\n"


def _machine(machine: Figures) -> str:
    return (
        f"Measured on {machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB of memory, "
        f"{machine['system']}, Python {machine['python']}; clients and servers share the cores.\n"
    )


_QUICK = " **With `--quick`: far too few samples to say anything.**"


def _http(figures: Figures) -> Iterator[str]:
    yield _HTTP.format(**figures)
    columns = ["request", "jobs there", "P50 ms", "P95 ms", "P99 ms", "a second", "bare P95 ms", "bare a second"]
    yield from _table([*columns, "P95 ratio", "range"], _http_rows(figures))
    yield _ORIGINAL


def _http_rows(figures: Figures) -> Iterator[list[str]]:
    yield _http_row("POST /submissions", "-", figures["submissions"])
    for level in figures["jobs"]:
        yield _http_row("POST /jobs", f"{level['before']:,}", level["post"])
    for level in figures["jobs"]:
        yield _http_row("GET status, queued", f"{level['before']:,}", level["waiting"])
    for level in figures["jobs"]:
        if "ended" in level:
            yield _http_row("GET status, ended", f"{level['before']:,}", level["ended"])


def _http_row(request: str, jobs: str, one: Figures) -> list[str]:
    ours, bare, ratio = one["platform"], one["bare"], one["ratio"]["p95"]
    times = [f"{ours[name]:.1f}" for name in ("p50_ms", "p95_ms", "p99_ms")]
    beside = [f"{bare['p95_ms']:.1f}", f"{bare['per_second']:.0f}"]
    return [request, jobs, *times, f"{ours['per_second']:.0f}", *beside, f"{ratio['median']:.1f}", _range(ratio)]


def _trips(figures: Figures) -> Iterator[str]:
    yield _TRIPS
    columns = ["notebook", "until", "platform s", "papermill s", "ratio", "range", "times each"]
    rows = (
        _trip_row(_NOTEBOOKS[notebook], _MOMENTS[moment], figures[notebook][moment])
        for notebook in _NOTEBOOKS
        for moment in _MOMENTS
    )
    yield from _table(columns, rows)
    yield "![Seconds to the first output and to the end](images/bench-trips.png)\n"


def _trip_row(notebook: str, moment: str, one: Figures) -> list[str]:
    ours, theirs, ratio = one["platform"], one["papermill"], one["ratio"]
    seconds = [f"{side['median']:.2f}" for side in (ours, theirs)]
    return [notebook, moment, *seconds, f"{ratio['median']:.2f}", _range(ratio), str(ours["samples"])]


def _lab(figures: Figures) -> Iterator[str]:
    yield _LAB
    starts = figures["hub_starts"]
    yield f"The hub's start: {starts['first']:.1f} s in an empty folder, {starts['second']:.1f} s again.\n"
    yield "| from | P50 s | P95 s | times |"
    yield "|---|---|---|---|"
    for name, title in _LAB_ROWS.items():
        one = figures[name]
        yield f"| {title} | {one['p50']:.2f} | {one['p95']:.2f} | {one['times']} |"
    yield ""


def _boards(figures: Figures) -> Iterator[str]:
    yield _BOARDS
    columns = ["runs", "kept ready P50 s", "P95 s", "cold P50 s", "P95 s", "first 100 rows ms", "search_runs ms"]
    yield from _table([*columns, "ratio", "range"], (_board_row(one) for one in figures["levels"]))
    viewers = figures["viewers"]
    yield (
        f"{viewers['count']} people who open the board in the same moment: {viewers['with_a_board']} have a board, "
        f"{viewers['live']} of them one that refreshes by itself at once; P50 {viewers['p50']:.2f} s, "
        f"P95 {viewers['p95']:.2f} s. A viewer's kernel holds {figures['viewer_bytes'] / 2**20:.0f} MiB (PSS).\n"
    )


def _board_row(one: Figures) -> list[str]:
    shown, cold, query = one["ready"], one["cold"], one["query"]
    ours, theirs, ratio = query["platform"], query["search_runs"], query["ratio"]
    return [
        f"{one['runs']:,}",
        f"{shown['p50']:.2f}",
        f"{shown['p95']:.2f}",
        f"{cold['p50']:.2f}",
        f"{cold['p95']:.2f}",
        f"{ours['median'] * 1000:.0f}",
        f"{theirs['median'] * 1000:.0f}",
        f"{ratio['median']:.3f}",
        f"{ratio['low']:.3f} to {ratio['high']:.3f}",
    ]


def _rest(figures: Figures) -> Iterator[str]:
    yield _REST.format(bare=figures["bare_pss_bytes"] / 2**20, ratio=figures["ratio"])
    rows = [[one["part"], one["name"], f"{one['pss_bytes'] / 2**20:.0f}"] for one in figures["processes"]]
    yield from _table(["part", "process", "PSS MiB"], [*rows, ["all", "", f"{figures['total_pss_bytes'] / 2**20:.0f}"]])
    yield "![Memory of each part](images/bench-memory.png)\n"
    yield _START
    yield from _table(
        ["start", "API answers s", "command returns s", "bare answers s", "ratio"],
        [_start_row(name, one) for name, one in figures["start"].items()],
    )


def _start_row(name: str, one: Figures) -> list[str]:
    seconds = [f"{one[key]:.1f}" for key in ("api_answers", "command_returns", "bare_answers")]
    return [name, *seconds, f"{one['ratio']:.1f}"]


def _range(ratio: Figures) -> str:
    return f"{ratio['low']:.1f} to {ratio['high']:.1f}"


def _table(columns: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""
