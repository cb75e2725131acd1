"""Limits end a run with their own name, and it cannot get around them."""

from dataclasses import replace

import pytest

from leadersboard.domain.resources import MIB
from leadersboard.ports.runner import RunEnd
from tests.builders import notebook
from tests.integration.runner.conftest import LIMITS, CarryOut, Place, running

IGNORES_SIGNALS = """
import signal, time
for number in range(1, 32):
    if number not in (signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_IGN)
"""
GROWS = "held = []\nwhile True:\n    held.append(bytearray(10_000_000))\n    import time; time.sleep(0.01)"


def test_an_endless_loop_ends_with_the_time(place: Place, carry_out: CarryOut) -> None:
    limits = replace(LIMITS, wall_seconds=4)
    outcome, _ = carry_out(place.notebook(notebook(IGNORES_SIGNALS + "\nwhile True: pass"), limits))
    assert outcome.end is RunEnd.TIMED_OUT
    assert outcome.seconds >= 4
    assert not running(place.run_dir)


def test_an_endless_script_ends_with_the_time(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.script("while True: pass", replace(LIMITS, wall_seconds=1)))
    assert outcome.end is RunEnd.TIMED_OUT


@pytest.mark.parametrize("source", ["while True: print('x' * 1000)", "print('x' * 3_000_000, end='')"])
def test_too_much_text_ends_a_notebook_and_the_file_stays_small(source: str, place: Place, carry_out: CarryOut) -> None:
    outcome, ear = carry_out(place.notebook(notebook("print('before')", source)))
    assert (outcome.end, outcome.cell) == (RunEnd.TOO_MUCH_OUTPUT, 3)
    assert "before" in place.text()
    assert place.executed.stat().st_size < 400_000
    assert len(ear.log) < 400_000


def test_too_many_pictures_end_a_notebook_and_the_file_stays_small(place: Place, carry_out: CarryOut) -> None:
    source = "from IPython.display import HTML, display\nwhile True: display(HTML('x' * 8_000_000))"
    outcome, _ = carry_out(place.notebook(notebook(source)))
    assert (outcome.end, outcome.cell) == (RunEnd.TOO_MUCH_OUTPUT, 2)
    assert place.executed.stat().st_size < 70 * MIB


def test_pictures_that_replace_each_other_are_not_too_many(place: Place, carry_out: CarryOut) -> None:
    source = (
        "from IPython.display import HTML, clear_output, display\n"
        "for i in range(12):\n    clear_output(wait=True)\n    display(HTML('x' * 4_000_000))"
    )
    outcome, _ = carry_out(place.notebook(notebook(source)))
    assert outcome.end is RunEnd.SUCCEEDED


def test_an_endless_progress_bar_is_not_too_much(place: Place, carry_out: CarryOut) -> None:
    source = "for i in range(1000): print('\\r' + 'x' * 500, end='', flush=True)"
    outcome, ear = carry_out(place.notebook(notebook(source)))
    assert outcome.end is RunEnd.SUCCEEDED
    assert len(ear.log) < 10_000


@pytest.mark.parametrize("source", ["while True: print('x' * 1000)", "while True: print('x' * 1000, end='')"])
def test_too_much_text_ends_a_script(source: str, place: Place, carry_out: CarryOut) -> None:
    outcome, ear = carry_out(place.script(source))
    assert outcome.end is RunEnd.TOO_MUCH_OUTPUT
    assert len(ear.log) < 2_000_000


def test_memory_beyond_the_limit_ends_a_notebook(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.notebook(notebook(GROWS), replace(LIMITS, memory_bytes=300 * MIB)))
    assert (outcome.end, outcome.cell) == (RunEnd.OUT_OF_MEMORY, 2)
    assert outcome.peak_memory_bytes > 300 * MIB


def test_memory_of_all_processes_together_counts(place: Place, carry_out: CarryOut) -> None:
    source = (
        "import os, time\nfor _ in range(4):\n    if os.fork() == 0: break\nheld = b'x' * 80_000_000\ntime.sleep(1000)"
    )
    outcome, _ = carry_out(place.script(source, replace(LIMITS, memory_bytes=250 * MIB)))
    assert outcome.end is RunEnd.OUT_OF_MEMORY


def test_memory_that_processes_share_counts_once(place: Place, carry_out: CarryOut) -> None:
    source = (
        "import os, time\nheld = bytearray(100_000_000)\n"
        "pids = []\nfor _ in range(4):\n    pid = os.fork()\n    if pid == 0:\n        time.sleep(1); os._exit(0)\n"
        "    pids.append(pid)\nfor pid in pids: os.waitpid(pid, 0)"
    )
    outcome, _ = carry_out(place.script(source, replace(LIMITS, memory_bytes=250 * MIB)))
    assert outcome.end is RunEnd.SUCCEEDED
    assert 90_000_000 < outcome.peak_memory_bytes < 250 * MIB


def test_an_error_for_want_of_memory_is_the_codes_own(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.notebook(notebook("bytearray(10**18)")))
    assert (outcome.end, outcome.error_name) == (RunEnd.CODE_FAILED, "MemoryError")


@pytest.mark.parametrize(
    ("source", "code"), [("import os; os._exit(3)", 3), ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9)]
)
def test_a_kernel_that_dies_says_how_and_where(source: str, code: int, place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.notebook(notebook("print('before')", source, "print('never')")))
    assert (outcome.end, outcome.cell, outcome.exit_code) == (RunEnd.PROCESS_DIED, 3, code)
    assert "before" in place.text()
    assert '"status": "failed"' in place.executed.read_text()
