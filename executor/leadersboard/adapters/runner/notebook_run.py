"""One notebook, run by papermill in the process that is set aside for it."""

import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import DeadKernelError
from nbformat.notebooknode import NotebookNode
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook, remove_error_markers
from papermill.iorw import papermill_io

from leadersboard.adapters.runner.engine import ENGINE
from leadersboard.adapters.runner.executed_file import SCHEME, WholeFile, write_whole
from leadersboard.adapters.runner.kernel import KERNEL_NAME, LAST_WORDS, kernel_manager_for
from leadersboard.adapters.runner.launch import Enclosure, Launcher
from leadersboard.adapters.runner.log_text import plain, trim_traceback
from leadersboard.adapters.runner.report import Report, Send, cell_numbers, tags_of
from leadersboard.domain.resources import MIB
from leadersboard.ports.runner import RunEnd, RunnerBroken, RunOutcome, RunSpec

# Pictures and tables beside the text.
_RICH_BYTES = 64 * MIB
_REAP_SECONDS = 5.0
_LAST_WORDS_BYTES = 64 * 1024


def run_notebook(spec: RunSpec, launcher: Launcher, send: Send) -> RunOutcome:
    """Run the notebook of `spec` to its end and say how it ended; time and memory are the caller's to fill in.

    Raises:
        RunnerBroken: the kernel did not come up, so that no cell has run.
    """
    executed = spec.executed_notebook
    if executed is None:
        raise RunnerBroken("no place is named for the executed notebook")
    report = Report(send, spec.limits.log_bytes)
    enclosure = launcher.enclose(spec)
    try:
        _execute(spec, enclosure, report, executed)
    except PapermillExecutionError:
        return _too_much(report) if report.too_much else _code_failed(executed)
    except (DeadKernelError, RuntimeError) as error:
        if report.too_much:
            return _too_much(report)
        return _died(error, report, spec, enclosure)
    except OSError:
        # The disk of the platform, or a tool that it lacks: nothing that a cell could have done.
        raise
    except Exception as error:
        # A kernel that sends what no kernel sends is as good as dead, and it is its own cells that made it so.
        if report.cell is None:
            raise
        return RunOutcome(
            RunEnd.PROCESS_DIED, 0, 0, cell=report.cell, error_value=plain(f"the kernel sent nonsense: {error!r}")[:500]
        )
    return _too_much(report) if report.too_much else RunOutcome(RunEnd.SUCCEEDED, 0, 0)


def _execute(spec: RunSpec, enclosure: Enclosure, report: Report, executed: Path) -> None:
    # papermill takes braces in paths for placeholders: a name that cannot hold any.
    source = spec.run_dir / "notebook.ipynb"
    shutil.copyfile(spec.entrypoint, source)
    limit = source.stat().st_size + spec.limits.log_bytes + _RICH_BYTES
    papermill_io.register(SCHEME, WholeFile(limit, report.end_for_too_much))
    execute_notebook(
        str(source),
        f"{SCHEME}{executed}",
        parameters=dict(spec.parameters),
        engine_name=ENGINE,
        kernel_name=KERNEL_NAME,
        language="python",
        progress_bar=False,
        cwd=str(spec.folder),
        kernel_manager_class=kernel_manager_for(spec, enclosure, report.kernel_started),
        report=report,
    )


def _too_much(report: Report) -> RunOutcome:
    return RunOutcome(RunEnd.TOO_MUCH_OUTPUT, 0, 0, cell=report.cell)


def _code_failed(executed: Path) -> RunOutcome:
    """Say what the executed notebook itself shows. papermill goes by its last error, allowed or not."""
    # Without the two cells that papermill adds the others keep the numbers that people know.
    notebook = remove_error_markers(nbformat.read(executed, as_version=4))
    write_whole(executed, nbformat.writes(notebook).encode("utf-8", "replace"))
    for number, cell in zip(cell_numbers(notebook), notebook.cells, strict=True):
        failure = _failure(cell)
        if failure is not None:
            return RunOutcome(
                RunEnd.CODE_FAILED,
                0,
                0,
                cell=number,
                error_name=plain(str(failure.get("ename", "")))[:200],
                error_value=plain(str(failure.get("evalue", "")))[:2000],
                traceback=trim_traceback(failure.get("traceback", [])),
            )
    return RunOutcome(RunEnd.SUCCEEDED, 0, 0)


def _failure(cell: NotebookNode) -> Mapping[str, Any] | None:
    """Return the error of `cell`, or None: one that its author expects is none, nor is leaving without a complaint."""
    if "raises-exception" not in tags_of(cell):
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and not _left_in_peace(output):
                return dict(output)
    if cell.metadata.get("papermill", {}).get("exception") is True and not cell.get("outputs"):
        return {"ename": "CellExecutionError"}
    return None


def _left_in_peace(error: NotebookNode) -> bool:
    return error.ename == "SystemExit" and error.evalue in {"", "0", "None"}


def _died(error: Exception, report: Report, spec: RunSpec, enclosure: Enclosure) -> RunOutcome:
    last_words = _last_words(spec.run_dir / LAST_WORDS)
    if report.cell is None:
        raise RunnerBroken(f"the kernel did not start: {error}: {last_words[-2000:]}") from error
    code = _exit_code(report, enclosure)
    for_memory = code == -9 and enclosure.killed_for_memory()
    return RunOutcome(
        RunEnd.OUT_OF_MEMORY if for_memory else RunEnd.PROCESS_DIED,
        0,
        0,
        cell=report.cell,
        error_value=plain(str(error))[:500],
        traceback=trim_traceback(last_words.splitlines()) or None,
        exit_code=code,
    )


def _last_words(path: Path) -> str:
    """Return the end of what the kernel's process wrote beside its messages, which may be anything, and much."""
    with suppress(OSError), path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LAST_WORDS_BYTES))
        return file.read(_LAST_WORDS_BYTES).decode(errors="replace")
    return ""


def _exit_code(report: Report, enclosure: Enclosure) -> int | None:
    if report.kernel is None:
        return None
    give_up = time.monotonic() + _REAP_SECONDS
    while report.kernel.poll() is None and time.monotonic() < give_up:
        time.sleep(0.01)
    code = report.kernel.returncode
    return None if code is None else enclosure.exit_code(code)
