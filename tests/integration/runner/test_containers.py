"""Runs in containers end as runs do elsewhere, and no container outlives its run."""

import asyncio
import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from leadersboard.adapters.runner.forkserver import ForkserverRunner
from leadersboard.adapters.sandbox import ContainerLauncher, choose
from leadersboard.adapters.sandbox.container import RUN_ROOT, name_of
from leadersboard.domain.resources import MIB
from leadersboard.domain.sandbox import Containers, Sandbox
from leadersboard.ports.runner import Run, RunEnd, RunnerBroken, RunSpec
from tests.builders import notebook
from tests.integration.conftest import wait_until
from tests.integration.runner.conftest import LIMITS, CarryOut, Ear, Place, running
from tests.integration.runner.test_limits import GROWS, IGNORES_SIGNALS

DAEMON = """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 100)
        os.execvp("sleep", ["sleep", "987654"])
    os._exit(0)
"""
FOR_EVER = "\nprint('ready', flush=True)\nimport time\nwhile True: time.sleep(1)"
WORKER = """
import asyncio, pickle, sys
from leadersboard.adapters.runner.forkserver import ForkserverRunner
from tests.integration.runner.conftest import Ear

async def work():
    ear = Ear()
    spec, launcher = pickle.load(open(sys.argv[1], "rb"))
    run = await ForkserverRunner(launcher).start(spec, ear)
    await ear.hears("ready")
    print("ready", flush=True)
    await run.wait()

if __name__ == "__main__":
    asyncio.run(work())
"""


@pytest.fixture(scope="session")
def launcher(docker_host: str) -> ContainerLauncher:
    """Containers, in place of the walls that other modules test with."""
    chosen = choose(Sandbox.CONTAINER, (), Containers(docker_host)).launcher
    assert isinstance(chosen, ContainerLauncher)
    return chosen


@pytest.fixture(scope="session")
def runner(launcher: ContainerLauncher) -> Iterator[ForkserverRunner]:
    made = ForkserverRunner(launcher)
    yield made
    asyncio.run(made.close())


def left(launcher: ContainerLauncher, spec: RunSpec, *, ended: bool = True) -> str:
    """Return the containers that are there of the run of `spec`, those that have ended included or not."""
    which = ["--all"] if ended else []
    return launcher.docker.ask("ps", *which, "--quiet", "--filter", f"name={name_of(spec)}")


async def stop_when_ready(run: Run, ear: Ear) -> None:
    await ear.hears("ready")
    await run.stop()


def test_a_notebook_runs_in_a_container_and_is_measured(
    place: Place, carry_out: CarryOut, launcher: ContainerLauncher
) -> None:
    source = "import os\nprint(os.getpid(), os.path.exists('/.dockerenv'))\nheld = bytearray(60_000_000)\nimport time; time.sleep(1)"
    content = notebook(source, "open(output_dir + '/made', 'w').write('here')")
    spec = place.notebook(content, parameters={"output_dir": str(place.output)})
    outcome, ear = carry_out(spec)
    assert outcome.end is RunEnd.SUCCEEDED
    assert "True" in ear.log
    assert (place.output / "made").read_text() == "here"
    assert outcome.peak_memory_bytes > 60_000_000
    assert outcome.usage.processes > 1
    assert not left(launcher, spec)


def test_a_script_runs_in_a_container_and_says_things_in_order(
    place: Place, carry_out: CarryOut, launcher: ContainerLauncher
) -> None:
    source = (
        "import sys\nfor n in range(100):\n    print(n, file=(sys.stdout, sys.stderr)[n % 2], flush=True)\nsys.exit(7)"
    )
    spec = place.script(source)
    outcome, ear = carry_out(spec)
    assert (outcome.end, outcome.exit_code) == (RunEnd.CODE_FAILED, 7)
    assert [int(line) for line in ear.log.split()] == list(range(100))
    assert not left(launcher, spec)


def test_it_finds_in_its_environment_only_what_is_its_own(
    place: Place, carry_out: CarryOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_WORKER", "s3cret")
    source = "import json, os\nprint(json.dumps([dict(os.environ), os.listdir('/'), os.listdir('/etc')]))"
    outcome, ear = carry_out(place.script(source, environment={"GIVEN": "yes"}))
    environment, root, etc = json.loads(ear.log)
    assert outcome.end is RunEnd.SUCCEEDED
    assert environment["GIVEN"] == "yes"
    assert "HOSTNAME" not in environment
    assert "s3cret" not in str(environment)
    assert {"root", "home", "var", "run"}.isdisjoint(root) or str(place.folder).split("/")[1] in root
    assert "shadow" not in etc


def test_memory_beyond_the_limit_ends_it(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.notebook(notebook(GROWS), replace(LIMITS, memory_bytes=300 * MIB)))
    assert (outcome.end, outcome.cell) == (RunEnd.OUT_OF_MEMORY, 2)


@pytest.mark.parametrize("kind", ["notebook", "script"])
def test_memory_that_is_taken_faster_than_anybody_looks_is_out_of_memory_too(
    kind: str, place: Place, carry_out: CarryOut
) -> None:
    bomb = "held = b'x' * 3_000_000_000"
    limits = replace(LIMITS, memory_bytes=300 * MIB)
    spec = place.script(bomb, limits) if kind == "script" else place.notebook(notebook(bomb), limits)
    outcome, _ = carry_out(spec)
    assert outcome.end is RunEnd.OUT_OF_MEMORY


def test_a_fork_bomb_is_too_many_processes(place: Place, carry_out: CarryOut) -> None:
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    outcome, _ = carry_out(place.script(bomb, replace(LIMITS, processes=100)))
    assert outcome.end is RunEnd.TOO_MANY_PROCESSES


def test_a_kernel_that_ignores_signals_ends_when_it_is_stopped(
    place: Place, carry_out: CarryOut, launcher: ContainerLauncher
) -> None:
    spec = place.notebook(notebook(IGNORES_SIGNALS + DAEMON + FOR_EVER))
    outcome, _ = carry_out(spec, stop_when_ready)
    assert outcome.end is RunEnd.STOPPED
    assert not left(launcher, spec)
    assert not running(place.run_dir)


def test_a_daemon_does_not_outlive_its_run(place: Place, carry_out: CarryOut, launcher: ContainerLauncher) -> None:
    spec = place.script(DAEMON)
    outcome, _ = carry_out(spec)
    assert outcome.end is RunEnd.SUCCEEDED
    assert not left(launcher, spec)


@pytest.mark.parametrize(
    ("source", "code"), [("import os; os._exit(125)", 125), ("import os; os.kill(os.getpid(), 9)", -9)]
)
def test_the_end_of_the_code_is_told_from_that_of_the_container(
    source: str, code: int, place: Place, carry_out: CarryOut
) -> None:
    outcome, _ = carry_out(place.notebook(notebook(source)))
    assert (outcome.end, outcome.exit_code) == (RunEnd.PROCESS_DIED, code)


def test_a_container_that_does_not_start_is_the_platforms_fault(place: Place, launcher: ContainerLauncher) -> None:
    async def run_it() -> None:
        run = await ForkserverRunner(replace(launcher, image="leadersboard/not-there:1")).start(place.script(""), Ear())
        with pytest.raises(RunnerBroken, match="no container was started"):
            await run.wait()

    asyncio.run(run_it())


def test_a_worker_that_is_killed_leaves_no_process_and_after_the_sweep_no_container(
    place: Place, launcher: ContainerLauncher, tmp_path: Path
) -> None:
    spec = place.notebook(notebook(IGNORES_SIGNALS + DAEMON + FOR_EVER))
    (tmp_path / "given").write_bytes(pickle.dumps((spec, launcher)))
    (tmp_path / "worker.py").write_text(WORKER)
    with subprocess.Popen(
        [sys.executable, tmp_path / "worker.py", tmp_path / "given"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *filter(None, sys.path)])},
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n"
        assert left(launcher, spec, ended=False)
        worker.send_signal(signal.SIGKILL)
    wait_until(lambda: not left(launcher, spec, ended=False))
    wait_until(lambda: not running(place.run_dir))
    assert launcher.sweep(place.folder) == 0, "its folder is there, so somebody may still look at it"
    place.run_dir.rename(place.folder / "gone")
    assert launcher.sweep(place.folder) == 1
    assert not left(launcher, spec)


def test_the_sweep_of_one_installation_leaves_those_of_others(place: Place, launcher: ContainerLauncher) -> None:
    spec = place.script("")
    elsewhere = ["create", "--name", name_of(spec), "--label", f"{RUN_ROOT}=/elsewhere"]
    launcher.docker.ask(*elsewhere, "leadersboard/nothing:1", "true")
    assert launcher.sweep(place.folder) == 0
    assert left(launcher, spec)
    launcher.docker.remove(name_of(spec))
    assert not left(launcher, spec)
