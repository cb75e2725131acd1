"""One notebook, run by papermill in the process that is set aside for it."""

import logging
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import DeadKernelError
from nbformat.notebooknode import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import ERROR_MARKER_TAG, execute_notebook
from papermill.iorw import LocalHandler, papermill_io

from leadersboard.adapters.runner.kernel import KERNEL_NAME, LAST_WORDS, kernel_manager_for
from leadersboard.adapters.runner.launch import Launcher
from leadersboard.adapters.runner.log_text import LogText, trim_traceback
from leadersboard.ports.runner import RunEnd, RunOutcome, RunSpec

ENGINE = "leadersboard"
_WHOLE = "whole://"
_INJECTED = "injected-parameters"
# Pictures and tables beside the text, in bytes.
_RICH_OUTPUT_BYTES = 64 * 1024**2
_START_SECONDS = 120

Send = Callable[[tuple[Any, ...]], None]


class _WholeFiles(LocalHandler):
    """Writes the executed notebook beside its place and then puts it there: whoever reads it finds it whole."""

    def write(self, buf: str, path: str) -> None:
        target = Path(path.removeprefix(_WHOLE))
        unfinished = target.with_name(f".{target.name}.unfinished")
        unfinished.write_text(buf, encoding="utf-8")
        unfinished.replace(target)


class _Client(PapermillNotebookClient):
    """Tells of cells as they begin and of text as it is printed, and ends a kernel that prints too much."""

    def __init__(self, nb_man: Any, *, report: "_Report", **options: Any) -> None:
        self._report = report
        super().__init__(nb_man, **options)

    def papermill_execute_cells(self) -> None:
        self._report.begin(self.nb, self._kill_kernel)
        super().papermill_execute_cells()

    def execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> Any:
        self._report.cell_begins(cell_index)
        try:
            return super().execute_cell(cell, cell_index, **options)
        finally:
            self._report.cell_ends()

    def output(self, outs: list[Any], msg: Any, display_id: str | None, cell_index: int) -> Any:
        if not self._report.count(msg):
            return None
        return super().output(outs, msg, display_id, cell_index)

    def _kill_kernel(self) -> None:
        manager: Any = self.km
        os.killpg(manager.provisioner.pgid, signal.SIGKILL)


class _Engine(NBClientEngine):
    """papermill's engine with our client."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: Any, *_: Any, **options: Any) -> Any:
        return _Client(
            nb_man,
            report=options["report"],
            kernel_manager_class=options["kernel_manager_class"],
            kernel_name=kernel_name,
            startup_timeout=_START_SECONDS,
            timeout=None,
            allow_errors=False,
            log=logging.getLogger(__name__),
        ).execute()


papermill_engines.register(ENGINE, _Engine)
papermill_io.register(_WHOLE, _WholeFiles())


class _Report:
    """What the run says while it goes on. Cells are counted as in the participant's notebook, from 1."""

    def __init__(self, send: Send, text_bytes: int) -> None:
        self._send = send
        self._log = LogText(lambda text: send(("log", text)))
        self._left = {"stream": text_bytes, "rich": _RICH_OUTPUT_BYTES}
        self._numbers: list[int] = []
        self._kill: Callable[[], None] | None = None
        self.cell: int | None = None
        self.too_much = False

    def begin(self, notebook: NotebookNode, kill: Callable[[], None]) -> None:
        self._kill = kill
        number = 0
        for cell in notebook.cells:
            # The injected cell is not in the participant's notebook: it goes by the number of the cell before it.
            number += _INJECTED not in cell.metadata.get("tags", [])
            self._numbers.append(max(number, 1))

    def cell_begins(self, index: int) -> None:
        number = self._numbers[index]
        if number != self.cell:
            self.cell = number
            self._send(("cell", number, self._numbers[-1]))
            self._send(("log", f"[cell {number}/{self._numbers[-1]}]\n"))

    def cell_ends(self) -> None:
        self._log.flush()

    def count(self, message: dict[str, Any]) -> bool:
        """Take note of an output; False once there was too much, which ends the kernel."""
        kind, content = message["msg_type"], message["content"]
        text = content.get("text", "") if kind == "stream" else ""
        size = len(text) if text else len(str(content.get("data", "")))
        account = "stream" if text else "rich"
        self._left[account] -= size
        if self._left[account] < 0:
            if not self.too_much and self._kill is not None:
                self.too_much = True
                self._kill()
            return False
        if text:
            self._log.feed(text)
        return True


def run_notebook(spec: RunSpec, launcher: Launcher, send: Send) -> RunOutcome:
    """Run the notebook of `spec` to its end and say how it ended; time and memory are the caller's to fill in."""
    assert spec.executed_notebook is not None  # noqa: S101 - a notebook is always kept
    # papermill takes braces in paths for placeholders: a name that cannot hold any.
    source = spec.run_dir / "notebook.ipynb"
    shutil.copyfile(spec.entrypoint, source)
    report = _Report(send, spec.limits.log_bytes)
    try:
        execute_notebook(
            str(source),
            f"{_WHOLE}{spec.executed_notebook}",
            parameters=dict(spec.parameters),
            engine_name=ENGINE,
            kernel_name=KERNEL_NAME,
            language="python",
            progress_bar=False,
            cwd=str(spec.folder),
            kernel_manager_class=kernel_manager_for(spec, launcher),
            report=report,
        )
    except PapermillExecutionError as error:
        return _code_failed(error, report, spec.executed_notebook)
    except (DeadKernelError, RuntimeError) as error:
        return _died(error, report, spec)
    return RunOutcome(RunEnd.SUCCEEDED, 0, 0)


def _code_failed(error: PapermillExecutionError, report: _Report, executed: Path) -> RunOutcome:
    if report.too_much:
        return RunOutcome(RunEnd.TOO_MUCH_OUTPUT, 0, 0, cell=report.cell)
    _remove_banners(executed)
    return RunOutcome(
        RunEnd.CODE_FAILED,
        0,
        0,
        cell=report.cell,
        error_name=str(error.ename)[:200],
        error_value=str(error.evalue)[:2000],
        traceback=trim_traceback(list(error.traceback)),
    )


def _remove_banners(executed: Path) -> None:
    """Take out the two cells that papermill adds to a failed notebook: cells keep the numbers that people know."""
    notebook = nbformat.read(executed, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if ERROR_MARKER_TAG not in cell.metadata.get("tags", [])]
    _WholeFiles().write(nbformat.writes(notebook), str(executed))


def _died(error: Exception, report: _Report, spec: RunSpec) -> RunOutcome:
    if report.too_much:
        return RunOutcome(RunEnd.TOO_MUCH_OUTPUT, 0, 0, cell=report.cell)
    last_words = (spec.run_dir / LAST_WORDS).read_text(encoding="utf-8", errors="replace")
    return RunOutcome(
        RunEnd.PROCESS_DIED,
        0,
        0,
        cell=report.cell,
        error_value=str(error)[:500],
        traceback=trim_traceback(last_words.splitlines()) or None,
    )
