"""How jobs are shown while one waits for them."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from leadersboard.answers import JobView
from leadersboard.cli.render import printable, seconds, state_of

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class JobScreen(Protocol):
    """Shows jobs by a label; called again and again with what is true of them."""

    def show(self, label: str, job: JobView) -> None: ...


@contextmanager
def job_screen() -> Iterator[JobScreen]:
    """Yield progress bars where the error output is a terminal, else a line for each change."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[state]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), refresh_per_second=5) as progress:
        yield Bars(progress)


@contextmanager
def counted(label: str) -> Iterator[Callable[[int, int], None]]:
    """Yield what is told how many of how many are done; shown where the error output is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


class Bars:
    """A bar for each job, as long as its notebook has cells."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, label: str, job: JobView) -> None:
        task = self._tasks.get(label)
        if task is None:
            task = self._progress.add_task(printable(label), total=None, state="", start=False)
            self._tasks[label] = task
        if job.status != "pending":
            self._progress.start_task(task)
        # The cell that runs is not done yet.
        done = (job.cells or 0) if job.is_final else max(0, (job.cell or 1) - 1)
        self._progress.update(task, completed=done, total=job.cells, state=state_of(job))
        if job.is_final:
            self._progress.stop_task(task)


class Lines:
    """A line whenever a job has come further."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._begun = time.monotonic()

    def show(self, label: str, job: JobView) -> None:
        state = state_of(job)
        if self._said.get(label) == state:
            return
        self._said[label] = state
        passed = seconds(time.monotonic() - self._begun)
        print(f"{printable(label)}: {state} ({passed})", file=sys.stderr, flush=True)
