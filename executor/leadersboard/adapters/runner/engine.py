"""papermill's engine, with a client that tells of cells and text as they come."""

import logging
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat.notebooknode import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from leadersboard.adapters.runner.log_text import overwritten
from leadersboard.adapters.runner.report import Report

ENGINE = "leadersboard"
_START_SECONDS = 120
# How long outputs may come after the reply that ends their cell.
_LATE_OUTPUT_SECONDS = 30
# Text is put together into pieces of this size, and costs that much more in the file for each piece.
_PIECE = 64 * 1024
_PIECE_COST = 100
# What goes wrong is in the outcome; it is no news for the log of the platform.
_quiet = logging.getLogger(f"{__name__}.quiet")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


class _Client(PapermillNotebookClient):
    def __init__(self, nb_man: Any, *, report: Report, **options: Any) -> None:
        self._report = report
        super().__init__(nb_man, **options)  # type: ignore[no-untyped-call]

    def papermill_execute_cells(self) -> None:
        self._report.begins(self.nb)
        super().papermill_execute_cells()  # type: ignore[no-untyped-call]

    def execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> Any:
        self._report.cell_begins(cell_index)
        # Half of a surrogate pair can be in a notebook, but not be sent.
        cell.source = cell.source.encode("utf-8", "replace").decode()
        try:
            return super().execute_cell(cell, cell_index, **options)
        except DeadKernelError:
            self.nb_man.cell_exception(cell, cell_index=cell_index)
            raise
        finally:
            self._report.cell_ends()

    def process_message(self, msg: Any, *where: Any) -> Any:
        if self._report.too_much and msg["msg_type"] != "status":
            return None
        output = super().process_message(msg, *where)  # type: ignore[no-untyped-call]
        kind = msg["msg_type"]
        if kind not in {"stream", "status", "execute_input"} and self._report.passed(_size(msg)):
            self.nb_man.save()
        return output

    def output(self, outs: list[Any], msg: Any, *where: Any) -> Any:
        content = msg["content"]
        if msg["msg_type"] == "stream":
            # One message may hold more than all that is allowed.
            content["text"] = overwritten(str(content["text"]))[: self._report.text_left + 1]
        before = len(outs)
        out = super().output(outs, msg, *where)
        if out is not None and out.output_type == "stream":
            self._report.printed(out.name, out.text)
            self._report.kept(_put_together(outs) if len(outs) > before else 0)
        return out


def _size(message: Any) -> int:
    """Return about how many bytes `message` holds."""
    return len(str(message["content"])) + sum(map(len, message.get("buffers", ())))


def _put_together(outs: list[Any]) -> int:
    """Join the text that came last with what it continues; return by how much all text has grown, in bytes."""
    last = outs[-1]
    previous = outs[-2] if len(outs) > 1 else None
    if previous is None or previous.get("name") != last.name or len(previous.text) > _PIECE:
        last.text = last.text.removeprefix("\r")
        return _PIECE_COST + len(last.text.encode("utf-8", "replace"))
    # Only the line that is not finished can still be overwritten.
    unfinished = previous.text.rfind("\n") + 1
    tail = previous.text[unfinished:]
    longer = overwritten(tail + last.text).removeprefix("\r")
    previous.text = previous.text[:unfinished] + longer
    del outs[-1]
    return len(longer.encode("utf-8", "replace")) - len(tail.encode("utf-8", "replace"))


class _Engine(NBClientEngine):
    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: Any, *_: Any, **options: Any) -> Any:
        # Where the files were is nobody's business who reads the notebook.
        for name in ("input_path", "output_path"):
            nb_man.nb.metadata.papermill.pop(name, None)
        client = _Client(
            nb_man,
            report=options["report"],
            kernel_manager_class=options["kernel_manager_class"],
            kernel_name=kernel_name,
            startup_timeout=_START_SECONDS,
            timeout=None,
            iopub_timeout=_LATE_OUTPUT_SECONDS,
            raise_on_iopub_timeout=False,
            allow_errors=False,
            log=_quiet,
        )
        return client.execute()  # type: ignore[no-untyped-call]


papermill_engines.register(ENGINE, _Engine)
