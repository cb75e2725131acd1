"""Which walls hold on this machine: found out by really putting them up."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from leadersboard.adapters.runner.launch import Launcher, PlainLauncher, before_exec, environment, lay_out
from leadersboard.adapters.sandbox import seccomp
from leadersboard.adapters.sandbox.bubblewrap import BubblewrapLauncher
from leadersboard.domain.errors import Fault, LeadersBoardError
from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.domain.sandbox import Sandbox
from leadersboard.ports.runner import RunSpec

_TRY_SECONDS = 60
_TRY_LIMITS = ResourceClass("try", wall_seconds=_TRY_SECONDS, memory_bytes=256 * MIB)
# What has to hold inside: no network but a loopback, nobody else's processes, no capability and no way to one.
_LOOK = """
import os, socket
assert {name for _, name in socket.if_nameindex()} <= {"lo"}, "it has a network"
assert not [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) > 100], "it sees other processes"
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0, "it has capabilities"
assert int(status["NoNewPrivs"]) == 1, "it may get privileges"
"""


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
        "bubblewrap); only where you trust everybody who submits, set LEADERSBOARD_SANDBOX=none."
    )
    ja = (
        "ジョブをサンドボックスで実行できません({problem})。bubblewrap を入れてください"
        "(Debian, Ubuntu: sudo apt-get install bubblewrap)。"
        "提出者全員を信頼できる場合に限り、LEADERSBOARD_SANDBOX=none と設定できます。"
    )


def choose(wanted: Sandbox, readable: Sequence[Path] = ()) -> Choice:
    """Return the walls for `wanted`, having put them up once. `readable` are further folders that runs may read.

    Raises:
        NoSandbox
    """
    if wanted is Sandbox.NONE:
        return Choice(Sandbox.NONE, PlainLauncher(), "none: submitted code may do whatever the worker may")
    return _bubblewrap(readable)


def _bubblewrap(readable: Sequence[Path]) -> Choice:
    program = shutil.which("bwrap")
    if program is None:
        raise NoSandbox(problem="bwrap was not found")
    launcher = BubblewrapLauncher(program, tuple(readable))
    problem = _try(launcher)
    if problem:
        raise NoSandbox(problem=f"{program} says {problem!r}")
    user = "as a user of its own" if os.getuid() == 0 else "as the worker's user"
    calls = "with a filter of system calls" if seccomp.program() else "without a filter of system calls"
    return Choice(Sandbox.BUBBLEWRAP, launcher, f"{program}, {user}, {calls}")


def _try(launcher: Launcher) -> str:
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
            done = subprocess.run(
                walls.command([sys.executable, "-I", str(spec.entrypoint)]),
                env=environment(spec),
                pass_fds=walls.descriptors,
                preexec_fn=before_exec(trusted=False),
                capture_output=True,
                text=True,
                timeout=_TRY_SECONDS,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return str(error)
        finally:
            for descriptor in walls.descriptors if walls else ():
                os.close(descriptor)
    lines = done.stderr.strip().splitlines()
    return "" if done.returncode == 0 else (lines[-1] if lines else f"exit code {done.returncode}")
