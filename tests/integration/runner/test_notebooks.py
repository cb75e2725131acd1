"""Notebooks run as their authors mean them to, and say where they fail."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from leadersboard.adapters.runner.forkserver import ForkserverRunner
from leadersboard.ports.runner import Run, RunEnd
from tests.builders import notebook
from tests.integration.conftest import wait_until
from tests.integration.runner.conftest import CarryOut, Ear, Place, Places


def with_tag(source: str, tag: str) -> bytes:
    built = nbformat.reads(notebook(source, "print('after')").decode(), as_version=4)
    built.cells[1].metadata.tags = [tag]
    return nbformat.writes(built).encode()


def test_a_notebook_runs_with_its_parameters_injected(place: Place, carry_out: CarryOut) -> None:
    content = notebook("print('seed', seed)", "open(output_dir + '/made', 'w').write('here')")
    parameters = {"seed": 7, "output_dir": str(place.output)}
    outcome, ear = carry_out(place.notebook(content, parameters=parameters))
    assert outcome.end is RunEnd.SUCCEEDED
    assert outcome.peak_memory_bytes > 10_000_000
    assert (place.output / "made").read_text() == "here"
    assert "seed 7" in ear.log
    assert "seed 7" in place.text()


def test_each_cell_is_announced_by_the_number_its_author_knows(place: Place, carry_out: CarryOut) -> None:
    _, ear = carry_out(place.notebook(notebook("print('a')", "print('b')"), parameters={"seed": 1}))
    assert ear.cells == [(1, 3), (2, 3), (3, 3)]
    assert re.sub(r"\s+", " ", ear.log) == "[cell 1/3] [cell 2/3] a [cell 3/3] b "


def test_an_error_names_its_cell_and_leaves_what_came_before(place: Place, carry_out: CarryOut) -> None:
    content = notebook("print('before')", "value = 3\nvalue / 0", "print('never')")
    outcome, _ = carry_out(place.notebook(content, parameters={"seed": 1}))
    assert (outcome.end, outcome.cell) == (RunEnd.CODE_FAILED, 3)
    assert (outcome.error_name, outcome.error_value) == ("ZeroDivisionError", "division by zero")
    assert outcome.traceback is not None
    assert "value / 0" in outcome.traceback
    assert "\x1b" not in outcome.traceback
    shown = place.outputs()
    assert "before" in place.text()
    assert "never" not in place.text()
    assert [output["ename"] for outputs in shown for output in outputs if output["output_type"] == "error"] == [
        "ZeroDivisionError"
    ]
    assert len(shown) == 5, "the cells and the injected one, and nothing that papermill adds"


def test_a_long_traceback_is_cut_to_its_useful_end(place: Place, carry_out: CarryOut) -> None:
    content = notebook("def deeper(n):\n    return deeper(n - 1)\ndeeper(1)")
    outcome, _ = carry_out(place.notebook(content))
    assert outcome.error_name == "RecursionError"
    assert outcome.traceback is not None
    assert len(outcome.traceback.splitlines()) <= 40
    assert len(outcome.traceback) <= 8 * 1024
    assert "RecursionError" in outcome.traceback.splitlines()[-1]


def test_an_error_that_its_author_expects_is_no_failure(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.notebook(with_tag("1/0", "raises-exception")))
    assert outcome.end is RunEnd.SUCCEEDED
    assert "after" in place.text()
    assert "papermill-error" not in place.executed.read_text()


def test_an_expected_error_does_not_hide_one_that_is_not(place: Place, carry_out: CarryOut) -> None:
    built = nbformat.reads(with_tag("1/0", "raises-exception").decode(), as_version=4)
    built.cells[2].source = "undefined"
    outcome, _ = carry_out(place.notebook(nbformat.writes(built).encode()))
    assert (outcome.end, outcome.cell, outcome.error_name) == (RunEnd.CODE_FAILED, 3, "NameError")


def test_an_error_that_a_cell_only_shows_counts_as_one(place: Place, carry_out: CarryOut) -> None:
    content = notebook("get_ipython().run_cell('1/0')", "print('after')")
    outcome, _ = carry_out(place.notebook(content))
    assert (outcome.end, outcome.cell, outcome.error_name) == (RunEnd.CODE_FAILED, 2, "ZeroDivisionError")


def test_the_executed_notebook_grows_while_it_runs(place: Place, carry_out: CarryOut) -> None:
    go = place.output / "go"
    content = notebook("print('first')", f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)")

    async def look(run: Run, ear: Ear) -> None:
        await ear.hears("[cell 3/3]")
        await asyncio.to_thread(wait_until, lambda: "first" in place.text())
        go.touch()

    outcome, _ = carry_out(place.notebook(content), look)
    assert outcome.end is RunEnd.SUCCEEDED


def test_log_lines_come_before_their_cell_ends(place: Place, carry_out: CarryOut) -> None:
    go = place.output / "go"
    content = notebook(
        f"import os, time\nprint('working', flush=True)\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)"
    )

    async def look(run: Run, ear: Ear) -> None:
        await ear.hears("working")
        go.touch()

    outcome, _ = carry_out(place.notebook(content), look)
    assert outcome.end is RunEnd.SUCCEEDED


def test_a_progress_bar_is_one_line_in_log_and_notebook(place: Place, carry_out: CarryOut) -> None:
    content = notebook(
        "import sys, time\nfor i in range(101):\n"
        "    print(f'\\r\\x1b[32m{i}%\\x1b[0m', end='', file=sys.stderr, flush=True)\nprint('done')"
    )
    outcome, ear = carry_out(place.notebook(content))
    assert outcome.end is RunEnd.SUCCEEDED
    assert "100%\n" in ear.log
    assert "\x1b" not in ear.log
    assert ear.log.count("%") <= 5
    assert place.text().count("%") == 1


def test_nobody_can_be_asked_for_input(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.notebook(notebook("input('name?')")))
    assert (outcome.end, outcome.error_name) == (RunEnd.CODE_FAILED, "StdinNotImplementedError")


def test_the_input_of_a_kernel_is_closed(place: Place, carry_out: CarryOut) -> None:
    outcome, ear = carry_out(place.notebook(notebook("import os\nprint('read', os.read(0, 10))")))
    assert outcome.end is RunEnd.SUCCEEDED
    assert "read b''" in ear.log


@pytest.mark.parametrize("metadata", [{}, {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}])
def test_whichever_kernel_a_notebook_names_the_platforms_own_runs_it(
    metadata: dict[str, Any], place: Place, carry_out: CarryOut
) -> None:
    cells = [v4.new_markdown_cell("# Title"), v4.new_code_cell("%%bash\necho from bash")]
    content = nbformat.writes(v4.new_notebook(cells=cells, metadata=metadata)).encode()
    outcome, ear = carry_out(place.notebook(content))
    assert outcome.end is RunEnd.SUCCEEDED
    assert "from bash" in ear.log


def test_a_run_sees_nothing_of_the_workers_environment(
    place: Place, carry_out: CarryOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_WORKER", "s3cret")
    content = notebook("import json, os\nprint(json.dumps(dict(os.environ)))")
    outcome, _ = carry_out(place.notebook(content, environment={"GIVEN": "yes"}))
    seen = json.loads(place.text())
    assert outcome.end is RunEnd.SUCCEEDED
    assert seen["GIVEN"] == "yes"
    assert "s3cret" not in str(seen)
    assert seen["HOME"].startswith(str(place.run_dir))
    assert seen["TMPDIR"].startswith(str(place.run_dir))
    unknown = seen.keys() - {"GIVEN", "PATH", "LANG", "LC_ALL", "TZ", "HOME", "TMPDIR", "IPYTHONDIR", "HF_HUB_OFFLINE"}
    ours = re.compile(
        "PYDEVD|JUPYTER_|JPY_|MPL|PYTHON|MALLOC_|LD_LIBRARY|CLICOLOR|FORCE_COLOR|GIT_PAGER|PAGER|TERM|PWD"
    )
    assert not [name for name in unknown if not ours.match(name)]


def test_a_run_inherits_no_open_file_of_the_platform(place: Place, carry_out: CarryOut) -> None:
    source = """
import os
for fd in os.listdir("/proc/self/fd"):
    try:
        print(os.readlink(f"/proc/self/fd/{fd}"))
    except OSError:
        pass
"""
    outcome, ear = carry_out(place.script(source))
    assert outcome.end is RunEnd.SUCCEEDED
    assert len([line for line in ear.log.splitlines() if line.startswith("pipe:")]) == 2, "what it prints to"
    assert not [line for line in ear.log.splitlines() if line.startswith("socket:")]
    outcome, ear = carry_out(place.notebook(notebook(source)))
    open_here = {str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()}
    assert not {line for line in ear.log.splitlines() if line.startswith(("pipe:", "socket:"))} & open_here


def test_text_that_no_encoding_takes_is_no_fault_of_the_platform(place: Place, carry_out: CarryOut) -> None:
    # Half of a surrogate pair is good JSON.
    content = json.dumps(json.loads(notebook("print('ran')  # HALF"))).replace("HALF", "\\ud800")
    outcome, _ = carry_out(place.notebook(content.encode()))
    assert outcome.end is RunEnd.SUCCEEDED
    assert "ran" in place.text()
    assert "# ?" in place.executed.read_text()


def test_many_small_outputs_all_arrive(place: Place, carry_out: CarryOut) -> None:
    content = notebook("from IPython.display import display\nfor i in range(3000): display(i)")
    outcome, _ = carry_out(place.notebook(content))
    assert outcome.end is RunEnd.SUCCEEDED
    assert len(place.outputs()[-1]) == 3000


def test_two_runs_at_once_do_not_meet(new_place: Places, runner: ForkserverRunner) -> None:
    places = [new_place(), new_place()]
    # Each waits for the other to have begun, and may look into what that writes.
    flags = [place.output / "begun" for place in places]
    contents = [
        notebook(
            f"import os, time\nopen({str(own)!r}, 'w')\nwhile not os.path.exists({str(other)!r}): time.sleep(0.01)"
        )
        for own, other in (flags, flags[::-1])
    ]

    async def both() -> list[RunEnd]:
        specs = [
            place.notebook(content, readable=[other.output])
            for place, other, content in zip(places, places[::-1], contents, strict=True)
        ]
        runs = await asyncio.gather(*(runner.start(spec, Ear()) for spec in specs))
        return [outcome.end for outcome in await asyncio.gather(*(run.wait() for run in runs))]

    assert asyncio.run(both()) == [RunEnd.SUCCEEDED, RunEnd.SUCCEEDED]
