"""Runs in processes forked from one that has papermill imported: seconds of imports become a fork."""

import asyncio
import logging
import multiprocessing
import os
import threading
import time
from contextlib import suppress
from dataclasses import replace
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from leadersboard.adapters.runner import executor_process
from leadersboard.adapters.runner.launch import Launcher, PlainLauncher
from leadersboard.adapters.runner.process_tree import adopt_orphans, kill_descendants, memory_below
from leadersboard.ports.runner import RunEnd, RunListener, RunnerBroken, RunOutcome, RunSpec

logger = logging.getLogger(__name__)
_MEMORY_EVERY_SECONDS = 0.3
_END = ("end",)


class ForkserverRunner:
    """The `Runner` port. `launcher` says how submitted code is started."""

    def __init__(self, launcher: Launcher | None = None) -> None:
        self._launcher = launcher or PlainLauncher()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([executor_process.__name__])
        self._runs: set[_ForkedRun] = set()
        adopt_orphans()

    async def start(self, spec: RunSpec, listener: RunListener) -> "_ForkedRun":
        run = _ForkedRun(spec, listener)
        await asyncio.to_thread(self._fork, run)
        self._runs.add(run)
        run.follow(lambda: self._runs.discard(run))
        return run

    async def close(self) -> None:
        for run in list(self._runs):
            await run.stop()

    def _fork(self, run: "_ForkedRun") -> None:
        from_child, to_parent = self._context.Pipe(duplex=False)
        _start_forkserver()
        process = self._context.Process(
            target=executor_process.main,
            args=(run.spec, self._launcher, to_parent, _forkserver_pid()),
            daemon=True,
        )
        process.start()
        to_parent.close()
        run.attach(process, from_child)


def _start_forkserver() -> None:
    os.environ[executor_process.FORKSERVER_MARK] = "1"
    try:
        forkserver.ensure_running()
    finally:
        del os.environ[executor_process.FORKSERVER_MARK]


def _forkserver_pid() -> int:
    # The standard library keeps the process to itself; whoever is to die with it has to know it.
    pid: int = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    return pid


class _ForkedRun:
    """The `Run` port: one executor process, and what is below it."""

    def __init__(self, spec: RunSpec, listener: RunListener) -> None:
        self.spec = spec
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._messages: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        self._started = time.monotonic()
        self._peak = 0
        self._cell: int | None = None
        self._forced: RunEnd | None = None
        self._process: BaseProcess
        self._followed: asyncio.Task[RunOutcome]

    def attach(self, process: BaseProcess, from_child: Connection) -> None:
        self._process = process
        threading.Thread(target=self._read, args=(from_child,), name="run-reader", daemon=True).start()

    def _read(self, from_child: Connection) -> None:
        with from_child, suppress(EOFError, OSError):
            while True:
                message = from_child.recv()
                self._loop.call_soon_threadsafe(self._messages.put_nowait, message)
        with suppress(RuntimeError):  # the loop may be gone when the worker ends
            self._loop.call_soon_threadsafe(self._messages.put_nowait, _END)

    def follow(self, when_over: Any) -> None:
        self._followed = asyncio.create_task(self._follow())
        self._followed.add_done_callback(lambda _: when_over())

    async def wait(self) -> RunOutcome:
        return await asyncio.shield(self._followed)

    async def stop(self) -> None:
        await self._end_by_force(RunEnd.STOPPED)
        with suppress(RunnerBroken):
            await self.wait()

    async def _follow(self) -> RunOutcome:
        watches = [asyncio.create_task(self._watch_time()), asyncio.create_task(self._watch_memory())]
        try:
            outcome = await self._listen()
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
            await asyncio.to_thread(self._see_gone)
        seconds = time.monotonic() - self._started
        if self._forced is not None:
            return RunOutcome(self._forced, seconds, self._peak, cell=self._cell)
        if outcome is None:
            raise RunnerBroken("the process of the run ended without a word")
        return replace(outcome, seconds=seconds, peak_memory_bytes=self._peak)

    async def _listen(self) -> RunOutcome | None:
        """Pass on what the run says until it ends; None if it ended without saying how."""
        outcome: RunOutcome | None = None
        while (message := await self._messages.get()) is not _END:
            match message:
                case ("log", text):
                    await self._listener.on_log(text + self._more_log())
                case ("cell", cell, cells):
                    self._cell = cell
                    await self._listener.on_cell(cell, cells)
                case ("outcome", said):
                    outcome = said
                case ("broken", said) if self._forced is None:
                    raise RunnerBroken(said)
        return outcome

    def _more_log(self) -> str:
        """Take the log that has come meanwhile, so that many small pieces are passed on as one."""
        pieces = []
        queue: Any = self._messages
        while not queue.empty() and queue._queue[0][0] == "log":
            pieces.append(queue.get_nowait()[1])
        return "".join(pieces)

    async def _watch_time(self) -> None:
        await asyncio.sleep(self.spec.limits.wall_seconds)
        await self._end_by_force(RunEnd.TIMED_OUT)

    async def _watch_memory(self) -> None:
        pid = self._process.pid
        while pid is not None:
            held = await asyncio.to_thread(memory_below, pid)
            self._peak = max(self._peak, held)
            if held > self.spec.limits.memory_bytes:
                await self._end_by_force(RunEnd.OUT_OF_MEMORY)
                return
            await asyncio.sleep(_MEMORY_EVERY_SECONDS)

    async def _end_by_force(self, why: RunEnd) -> None:
        if self._forced is None and not self._followed.done():
            self._forced = why
        await asyncio.to_thread(self._kill)

    def _kill(self) -> None:
        pid = self._process.pid
        if pid is not None and self._process.is_alive():
            # The executor process last: as long as it lives, nothing below it gets out of sight.
            kill_descendants(pid)
            self._process.kill()

    def _see_gone(self) -> None:
        self._kill()
        self._process.join()
