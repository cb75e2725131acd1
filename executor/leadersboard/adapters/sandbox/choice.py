"""Which walls hold on this machine: found out by really putting them up."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from leadersboard.adapters.runner.launch import (
    Enclosure,
    Launched,
    Launcher,
    PlainLauncher,
    before_exec,
    environment,
    lay_out,
)
from leadersboard.adapters.sandbox import seccomp
from leadersboard.adapters.sandbox.bubblewrap import BubblewrapLauncher
from leadersboard.adapters.sandbox.container import ContainerLauncher
from leadersboard.adapters.sandbox.docker import Docker, DockerSays
from leadersboard.domain.errors import Fault, LeadersBoardError
from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.domain.sandbox import Containers, Sandbox
from leadersboard.ports.runner import RunnerBroken, RunSpec

_TRY_SECONDS = 60
_TRY_LIMITS = ResourceClass("try", wall_seconds=_TRY_SECONDS, memory_bytes=256 * MIB)
_LOOK_SECONDS = 0.05
_SEE_SECONDS = 10
# What has to hold inside: no network but a loopback, nobody else's processes, no capability and no way to one. It says
# that it is there by a file in its output folder, and waits until the platform says that it sees it.
_LOOK = """
import os, socket, sys, time
assert {name for _, name in socket.if_nameindex()} <= {"lo"}, "it has a network"
assert not [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) > 100], "it sees other processes"
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0, "it has capabilities"
assert int(status["NoNewPrivs"]) == 1, "it may get privileges"
folder, filters = sys.argv[1], int(sys.argv[2])
assert int(status.get("Seccomp_filters", filters)) >= filters, "it has fewer filters of system calls than it should"
open(os.path.join(folder, "here"), "w").close()
while not os.path.exists(os.path.join(folder, "seen")):
    time.sleep(0.01)
"""
_HERE, _SEEN = "here", "seen"
_USUAL = Containers()
_ABOUT_DOCKER = "{{.ServerVersion}} {{.MemoryLimit}} {{.PidsLimit}} {{.SwapLimit}}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The walls that hold, and a sentence for the operator about them."""

    sandbox: Sandbox
    launcher: Launcher
    detail: str


class NoSandbox(LeadersBoardError):
    """Without walls submitted code could read labels and secrets: nothing of it runs until somebody has decided."""

    code = "no_sandbox"
    fault = Fault.PLATFORM
    en = (
        "Jobs cannot be run in a sandbox here: {problem}. Install bubblewrap (Debian, Ubuntu: sudo apt-get install "
        "bubblewrap) or let the worker use Docker; only where you trust everybody who submits, set "
        "LEADERSBOARD_SANDBOX=none."
    )
    ja = (
        "ジョブをサンドボックスで実行できません({problem})。bubblewrap を入れるか"
        "(Debian, Ubuntu: sudo apt-get install bubblewrap)、ワーカーが Docker を使えるようにしてください。"
        "提出者全員を信頼できる場合に限り、LEADERSBOARD_SANDBOX=none と設定できます。"
    )


class _DoNotHold(Exception):
    """Why walls of one kind cannot be had."""


def choose(wanted: Sandbox, readable: Sequence[Path] = (), containers: Containers = _USUAL) -> Choice:
    """Return the walls for `wanted`, having put them up once. `readable` are further folders that runs may read.

    Where any that hold are wanted, bubblewrap goes first: it starts faster, and asks nobody who is root.

    Raises:
        NoSandbox
    """
    if wanted is Sandbox.NONE:
        return Choice(Sandbox.NONE, PlainLauncher(), "none: submitted code may do whatever the worker may")
    problems: list[str] = []
    if wanted is not Sandbox.CONTAINER:
        try:
            return _bubblewrap(readable)
        except _DoNotHold as problem:
            problems.append(str(problem))
    if wanted is not Sandbox.BUBBLEWRAP:
        try:
            return _container(readable, containers, "".join(f"; {problem}" for problem in problems))
        except _DoNotHold as problem:
            problems.append(str(problem))
    raise NoSandbox(problem="; ".join(problems))


def _bubblewrap(readable: Sequence[Path]) -> Choice:
    program = shutil.which("bwrap")
    if program is None:
        raise _DoNotHold("bwrap was not found")
    launcher = BubblewrapLauncher(program, tuple(readable))
    problem = _try(launcher, filters=_ours())
    if problem:
        raise _DoNotHold(f"{program} says {problem!r}")
    return Choice(Sandbox.BUBBLEWRAP, launcher, f"{program}, {_kept()}")


def _container(readable: Sequence[Path], containers: Containers, instead: str) -> Choice:
    """Return walls of containers. `instead` is why those that are preferred do not hold."""
    program = shutil.which("docker")
    if program is None:
        raise _DoNotHold("docker was not found")
    docker = Docker(program, containers.docker_host)
    try:
        version, memory, pids, swap = docker.ask("info", "--format", _ABOUT_DOCKER).rsplit(" ", 3)
    except (DockerSays, ValueError) as problem:
        raise _DoNotHold(f"docker at {docker.host} says {str(problem)!r}") from problem
    if "false" in (memory, pids):
        raise _DoNotHold(f"docker at {docker.host} cannot limit memory and processes")
    launcher = ContainerLauncher(docker, containers.image, tuple(readable), swap=swap == "true")
    # Docker's own filter, and ours.
    problem_inside = _try(launcher, filters=1 + _ours())
    if problem_inside:
        raise _DoNotHold(f"docker at {docker.host} says {problem_inside!r}")
    image = f"the image {containers.image}" if containers.image else "this machine's programs"
    detail = f"a container of Docker {version} at {docker.host} with {image}, {_kept()}{instead}"
    return Choice(Sandbox.CONTAINER, launcher, detail)


def _ours() -> int:
    return int(seccomp.program() is not None)


def _kept() -> str:
    user = "as a user of its own" if os.getuid() == 0 else "as the worker's user"
    return f"{user}, {'with' if _ours() else 'without'} a filter of system calls"


def _try(launcher: Launcher, filters: int) -> str:
    """Run a look around behind the walls; return what is wrong with them, or nothing."""
    with tempfile.TemporaryDirectory(prefix="lb") as folder:
        places = [Path(folder, name) for name in ("submission", "output", "run")]
        for place in places:
            place.mkdir()
        submission, output, run_dir = places
        spec = RunSpec(submission / "look.py", submission, output, run_dir, _TRY_LIMITS)
        spec.entrypoint.write_text(_LOOK, encoding="ascii")
        lay_out(spec)
        walls = None
        try:
            walls = launcher.enclose(spec)
            return _look_around(spec, walls, launcher.launched(spec, os.getpid()), filters)
        except (OSError, subprocess.SubprocessError, RunnerBroken) as error:
            return str(error)
        finally:
            if walls is not None:
                walls.close()


def _look_around(spec: RunSpec, walls: Enclosure, launched: Launched, filters: int) -> str:
    process = subprocess.Popen(
        walls.command([sys.executable, "-I", str(spec.entrypoint), str(spec.output_dir), str(filters)]),
        env=environment(spec),
        pass_fds=walls.descriptors,
        preexec_fn=before_exec(trusted=False),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        seen = _see(spec, process, launched)
        _, said = process.communicate(timeout=_TRY_SECONDS)
    finally:
        process.kill()
        process.communicate()
        launched.end()
    if process.returncode == 0:
        return "" if seen else "its processes cannot be seen from here"
    lines = said.strip().splitlines()
    return lines[-1] if lines else f"exit code {process.returncode}"


def _see(spec: RunSpec, process: "subprocess.Popen[str]", launched: Launched) -> bool:
    """Wait until the look around is there, and tell it; return whether its processes are seen, or it ended by itself."""
    if not _wait(lambda: (spec.output_dir / _HERE).exists(), process, _TRY_SECONDS):
        return process.returncode is not None
    seen = _wait(lambda: any(True for _ in launched.processes()), process, _SEE_SECONDS)
    (spec.output_dir / _SEEN).touch()
    return seen


def _wait(condition: Callable[[], bool], process: "subprocess.Popen[str]", seconds: float) -> bool:
    """Wait for `condition` until `process` has ended or the time is up; return whether it came true."""
    give_up = monotonic() + seconds
    while not (holds := condition()) and monotonic() < give_up:
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return condition()
    return holds
