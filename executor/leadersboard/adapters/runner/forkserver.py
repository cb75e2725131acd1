"""Runs in processes forked from one that has papermill imported: seconds of imports become a fork."""

import asyncio
import multiprocessing
import os
import sys
import threading
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

from leadersboard.adapters.runner import executor_process
from leadersboard.adapters.runner.forked_run import Forked, ForkedRun
from leadersboard.adapters.runner.launch import Launcher, PlainLauncher
from leadersboard.adapters.runner.process_tree import ProcessesLeft, kill_descendants
from leadersboard.ports.runner import RunListener, RunnerBroken, RunSpec

# Forking and looking for orphans exclude each other: a process just forked is not yet known as somebody's.
_forking = threading.Lock()


class ForkserverRunner:
    """The `Runner` port. `launcher` says how submitted code is started; without one it starts as it is, with no walls.

    The first runner of a process starts the forkserver, which imports while the process does other things. It ends
    with the process, however that ends, and takes along whatever is left of runs. Linux only.
    """

    def __init__(self, launcher: Launcher | None = None) -> None:
        self._launcher = launcher or PlainLauncher()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_preloaded())
        self._runs: set[ForkedRun] = set()
        _ensure_forkserver()

    async def start(self, spec: RunSpec, listener: RunListener) -> ForkedRun:
        """Start a run.

        Raises:
            RunnerBroken: no process could be forked for it.
        """
        forking = asyncio.ensure_future(asyncio.to_thread(_fork, self._context, spec, self._launcher))
        try:
            forked = await asyncio.shield(forking)
        except asyncio.CancelledError:
            # The fork cannot be called back: what comes of it must not go on unseen.
            with suppress(RunnerBroken):
                await ForkedRun(await forking, spec, self._launcher, listener, kill_orphans).stop()
            raise
        run = ForkedRun(forked, spec, self._launcher, listener, kill_orphans)
        self._runs.add(run)
        run.when_over(self._runs.discard)
        return run

    async def sweep(self, run_root: Path) -> int:
        """End what workers that were killed have left of runs whose folder below `run_root` is gone.

        Raises:
            OSError: it cannot be looked for, or does not end.
        """
        return await asyncio.to_thread(self._launcher.sweep, run_root)

    async def close(self) -> None:
        """End every run that is left. The forkserver stays for other runners of this process."""
        await asyncio.gather(*(run.stop() for run in list(self._runs)))


def _fork(context: ForkServerContext, spec: RunSpec, launcher: Launcher) -> Forked:
    from_child, to_parent = context.Pipe(duplex=False)
    process = context.Process(target=executor_process.main, args=(spec, launcher, to_parent), daemon=True)
    try:
        with _forking, to_parent:
            _ensure_forkserver()
            process.start()
    except (OSError, EOFError) as error:
        from_child.close()
        raise RunnerBroken(f"no process could be forked for a run: {error}") from error
    return Forked(process, from_child)


def kill_orphans() -> None:
    """Kill what is left of runs whose executor process has ended, and see it gone.

    Raises:
        RunnerBroken: some processes do not end.
    """
    with _forking:
        known = [process.pid for process in multiprocessing.active_children() if process.pid is not None]
        try:
            kill_descendants(_forkserver_pid(), spare=known)
        except ProcessesLeft as error:
            raise RunnerBroken(str(error)) from error


def _ensure_forkserver() -> None:
    os.environ[executor_process.FORKSERVER_MARK] = "1"
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop(executor_process.FORKSERVER_MARK, None)


def _forkserver_pid() -> int:
    # The standard library keeps it to itself; below it are the orphans of runs.
    pid: int = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    return pid


def _preloaded() -> list[str]:
    """Return the modules to import before any fork: ours, and the program's, which every fork imports anew."""
    program = getattr(sys.modules["__main__"], "__spec__", None)
    return [executor_process.__name__, *([program.name] if program is not None else [])]
