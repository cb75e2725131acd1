"""The process that is set aside for one run: trusted code of the platform, parent of the untrusted process."""

import os
import signal
import traceback
from multiprocessing.connection import Connection
from pathlib import PurePath
from typing import Any

from leadersboard.adapters.runner.launch import Launcher
from leadersboard.adapters.runner.notebook_run import run_notebook
from leadersboard.adapters.runner.process_tree import (
    adopt_orphans,
    die_with_parent,
    kill_descendants,
    reap_children,
)
from leadersboard.adapters.runner.script_run import run_script
from leadersboard.ports.runner import RunSpec

FORKSERVER_MARK = "LEADERSBOARD_FORKSERVER"

# The forkserver imports this module beforehand. It must outlive a SIGTERM to the worker's process group: the worker
# then lets jobs finish, and the forkserver ends by itself with the worker.
if os.environ.get(FORKSERVER_MARK):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def main(spec: RunSpec, launcher: Launcher, to_parent: Connection, forkserver: int) -> None:
    """Carry out `spec`, telling the parent of it; end when all descendants are gone."""
    die_with_parent(forkserver)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setsid()
    adopt_orphans()
    send = to_parent.send
    try:
        run = run_notebook if PurePath(spec.entrypoint).suffix.lower() == ".ipynb" else run_script
        message: tuple[Any, ...] = ("outcome", run(spec, launcher, send))
    except Exception:
        message = ("broken", traceback.format_exc()[-4000:])
    kill_descendants(os.getpid())
    reap_children()
    send(message)
    to_parent.close()
