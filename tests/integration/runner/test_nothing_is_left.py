"""When a run is over no process of it is left, whatever it did and whoever was killed."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import psutil
import pytest

from leadersboard.adapters.runner.forkserver import ForkserverRunner
from leadersboard.ports.runner import Run, RunEnd, RunnerBroken
from tests.builders import notebook
from tests.integration.conftest import wait_until
from tests.integration.runner.conftest import CarryOut, Ear, Place, running
from tests.integration.runner.test_limits import IGNORES_SIGNALS

DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 100)
        os.execvp(sys.executable, [sys.executable, "-c", "import signal, time\\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\\ntime.sleep(1000)", {mark!r}])
    os._exit(0)
os.wait()
"""  # noqa: E501
# A process that is never older than a moment.
RESTLESS = """
import os, sys
if os.fork() == 0:
    os.execvp(sys.executable, [sys.executable, "-c", "import os\\nos.setsid()\\nwhile True:\\n    if os.fork(): os._exit(0)", {mark!r}])
"""
WORKER = """
import asyncio, pickle, sys
from leadersboard.adapters.runner.forkserver import ForkserverRunner
from tests.integration.runner.conftest import Ear

async def main():
    ear = Ear()
    run = await ForkserverRunner().start(pickle.load(open(sys.argv[1], "rb")), ear)
    await ear.hears("ready")
    print("ready", flush=True)
    await run.wait()

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture
def mark() -> str:
    return f"mark-{uuid.uuid4().hex}"


async def stop_when_ready(run: Run, ear: Ear) -> None:
    await ear.hears("ready")
    await run.stop()


def executor_of(place: Place) -> psutil.Process:
    """Return the platform's own process of a run: the parent of its kernel."""
    named = [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(place.run_dir) in word for word in process.info["cmdline"] or [])
    ]
    # The walls around the kernel name the folder too: the outermost is the child of the one looked for.
    (parent,) = {parent for process in named if (parent := process.parent()) is not None} - {*named}
    return parent


def test_a_daemon_is_gone_after_success(place: Place, mark: str, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.notebook(notebook(DAEMON.format(mark=mark), "print('ready')")))
    assert outcome.end is RunEnd.SUCCEEDED
    assert not running(mark)
    assert not running(place.run_dir)


def test_a_daemon_is_gone_after_a_script(place: Place, mark: str, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.script(DAEMON.format(mark=mark)))
    assert outcome.end is RunEnd.SUCCEEDED
    assert not running(mark)


@pytest.mark.parametrize("trouble", [DAEMON, RESTLESS], ids=["daemon", "restless"])
def test_a_kernel_that_ignores_signals_and_its_offspring_are_gone_after_stop(
    trouble: str, place: Place, mark: str, carry_out: CarryOut
) -> None:
    source = IGNORES_SIGNALS + trouble.format(mark=mark) + "\nprint('ready', flush=True)\nwhile True: time.sleep(1)"
    outcome, _ = carry_out(place.notebook(notebook(source)), stop_when_ready)
    assert outcome.end is RunEnd.STOPPED
    assert not running(mark)
    assert not running(place.run_dir)


def test_a_run_can_be_stopped_before_it_says_anything(place: Place, carry_out: CarryOut) -> None:
    async def stop(run: Run, ear: Ear) -> None:
        await run.stop()

    outcome, _ = carry_out(place.notebook(notebook("print('hello')")), stop)
    assert outcome.end is RunEnd.STOPPED
    assert not running(place.run_dir)


def test_a_process_whose_first_thread_has_ended_is_no_corpse(place: Place, mark: str, carry_out: CarryOut) -> None:
    code = (
        "import ctypes, threading, time\n"
        "threading.Thread(target=lambda: [print('ready', flush=True), time.sleep(1000)]).start()\n"
        "ctypes.CDLL(None).pthread_exit(None)"
    )
    source = f"import os, sys\nos.execv(sys.executable, [sys.executable, '-c', {code!r}, {mark!r}])"
    outcome, _ = carry_out(place.script(source), stop_when_ready)
    assert outcome.end is RunEnd.STOPPED
    assert not running(mark)


def test_orphans_of_an_executor_process_that_was_killed_are_gone(
    place: Place, mark: str, runner: ForkserverRunner
) -> None:
    async def kill_executor() -> None:
        ear = Ear()
        source = DAEMON.format(mark=mark) + "\nprint('ready', flush=True)\nwhile True: time.sleep(1)"
        run = await runner.start(place.notebook(notebook(source)), ear)
        await ear.hears("ready")
        executor_of(place).kill()
        with pytest.raises(RunnerBroken):
            await run.wait()

    asyncio.run(kill_executor())
    assert not running(mark)
    assert not running(place.run_dir)


def test_all_is_gone_when_the_worker_is_killed(place: Place, mark: str, tmp_path: Path) -> None:
    source = IGNORES_SIGNALS + DAEMON.format(mark=mark) + "\nprint('ready', flush=True)\nwhile True: time.sleep(1)"
    (tmp_path / "spec").write_bytes(pickle.dumps(place.notebook(notebook(source))))
    (tmp_path / "worker.py").write_text(WORKER)
    worker = subprocess.Popen(
        [sys.executable, tmp_path / "worker.py", tmp_path / "spec"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *filter(None, sys.path)])},
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"
    below = psutil.Process(worker.pid).children(recursive=True)
    assert len(below) >= 4, "forkserver, resource tracker, executor process, kernel"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    wait_until(lambda: not [process for process in below if process.is_running()])
    wait_until(lambda: not running(mark))
    worker.stdout.close()


def test_a_listener_that_fails_ends_the_run_and_is_heard_of(place: Place, runner: ForkserverRunner) -> None:
    class Deaf(Ear):
        async def on_log(self, text: str) -> None:
            raise OSError("no space left")

    async def run_it() -> None:
        run = await runner.start(place.notebook(notebook("while True: pass")), Deaf())
        with pytest.raises(RunnerBroken, match="no space left"):
            await run.wait()

    asyncio.run(run_it())
    assert not running(place.run_dir)


def test_a_kernel_that_cannot_start_is_the_platforms_fault(place: Place, carry_out: CarryOut) -> None:
    (place.run_dir / "home").write_text("in the way")
    with pytest.raises(RunnerBroken):
        carry_out(place.notebook(notebook("print(1)")))


def test_closing_a_runner_ends_what_it_runs(place: Place) -> None:
    async def close_it() -> RunEnd:
        runner, ear = ForkserverRunner(), Ear()
        run = await runner.start(place.script("import time\nprint('ready')\nwhile True: time.sleep(1)"), ear)
        await ear.hears("ready")
        await runner.close()
        return (await run.wait()).end

    assert asyncio.run(close_it()) is RunEnd.STOPPED
