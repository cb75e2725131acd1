"""The process that is set aside for one run: trusted code of the platform, parent of the untrusted process."""

import atexit
import os
import pickle
import signal
import traceback
import warnings
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import PurePath
from typing import Any

from leadersboard.adapters.runner.launch import Launcher, lay_out
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


def _prepare_forkserver() -> int:
    """Make this process one that outlives signals to the worker's group, and leaves no run behind when it ends.

    It ends by itself with the worker: until then the worker may let jobs finish. Runs whose executor process was
    killed come under it, so that they can be found.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    adopt_orphans()
    atexit.register(kill_descendants, os.getpid())
    # It takes the exit status of the adopted, and wonders whose they are.
    warnings.filterwarnings("ignore", message="forkserver: waitpid")
    return os.getpid()


# The forkserver imports this module beforehand.
_forkserver = _prepare_forkserver() if os.environ.pop(FORKSERVER_MARK, None) else None


def main(spec: RunSpec, launcher: Launcher, to_parent: Connection) -> None:
    """Carry out `spec`, telling the parent of it; end when all descendants are gone."""
    os.setsid()
    if _forkserver is None:
        raise RuntimeError(f"the forkserver has not imported {__name__}")
    die_with_parent(_forkserver)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    adopt_orphans()
    _let_go_of_worker()

    def send(message: tuple[Any, ...]) -> None:
        to_parent.send_bytes(pickle.dumps(message))

    try:
        lay_out(spec)
        run = run_notebook if PurePath(spec.entrypoint).suffix.lower() == ".ipynb" else run_script
        message: tuple[Any, ...] = ("outcome", run(spec, launcher, send))
    except Exception:
        message = ("broken", traceback.format_exc()[-4000:])
    kill_descendants(os.getpid())
    reap_children()
    send(message)
    to_parent.close()


def _let_go_of_worker() -> None:
    """Close this process's copy of the pipe by whose end the forkserver learns that the worker has ended.

    The standard library hands it down so that processes can start others of their kind; as long as one of them
    holds it, a forkserver goes on without its worker.
    """
    shared: Any = forkserver._forkserver
    os.close(shared._forkserver_alive_fd)
    shared._forkserver_alive_fd = None
