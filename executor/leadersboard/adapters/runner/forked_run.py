"""A run in progress, seen from the worker."""

import asyncio
import pickle
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from leadersboard.adapters.runner.launch import WRITABLE, Launcher
from leadersboard.adapters.runner.left_behind import remove, take_back
from leadersboard.adapters.runner.memory import MemoryWatch
from leadersboard.adapters.runner.process_tree import ProcessesLeft, kill_descendants
from leadersboard.adapters.runner.usage import UsageWatch
from leadersboard.domain.resources import MIB
from leadersboard.ports.runner import RunEnd, RunListener, RunnerBroken, RunOutcome, RunSpec

_MEMORY_EVERY_SECONDS = 0.2
_PROCESSES_EVERY_SECONDS = 0.5
_DISK_EVERY_SECONDS = 1.0
_GPU_EVERY_SECONDS = 5.0
# Looking at large processes and many files takes time; this much of it at most goes into each.
_SHARE = 0.1
_END = ("end",)


@dataclass(frozen=True, slots=True)
class Forked:
    """The executor process of a run, and what comes from it."""

    process: BaseProcess
    messages: Connection


class ForkedRun:
    """The `Run` port: one executor process, and what is below it.

    `kill_orphans` ends what is left of runs whose executor process was killed.
    """

    def __init__(
        self,
        forked: Forked,
        spec: RunSpec,
        launcher: Launcher,
        listener: RunListener,
        kill_orphans: Callable[[], None],
    ) -> None:
        self._spec = spec
        self._listener = listener
        self._kill_orphans = kill_orphans
        self._process = forked.process
        self._pid = forked.process.pid or 0
        self._launched = launcher.launched(spec, self._pid)
        self._memory = MemoryWatch(self._pid, self._launched.processes)
        self._usage = UsageWatch(self._launched.processes, spec)
        self._loop = asyncio.get_running_loop()
        self._messages: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        self._held_back: tuple[Any, ...] | None = None
        self._started = time.monotonic()
        self._cell: int | None = None
        self._forced: RunEnd | None = None
        self._killing = threading.Lock()
        threading.Thread(target=self._read, args=(forked.messages,), name="run-reader", daemon=True).start()
        self._followed = asyncio.create_task(self._follow())

    def when_over(self, call: Callable[["ForkedRun"], None]) -> None:
        self._followed.add_done_callback(lambda _: call(self))

    async def wait(self) -> RunOutcome:
        return await asyncio.shield(self._followed)

    async def stop(self) -> None:
        await self._end_by_force(RunEnd.STOPPED)
        with suppress(RunnerBroken):
            await self.wait()

    # What the run says -----------------------------------------------------------------------------------------

    def _read(self, messages: Connection) -> None:
        # One message holds what was printed at once, at most.
        longest = 4 * self._spec.limits.log_bytes + 64 * MIB
        with messages, suppress(EOFError, OSError):
            while True:
                message = pickle.loads(messages.recv_bytes(longest))  # noqa: S301 - from our own process
                self._loop.call_soon_threadsafe(self._messages.put_nowait, message)
        with suppress(RuntimeError):  # the loop may be gone when the worker ends
            self._loop.call_soon_threadsafe(self._messages.put_nowait, _END)

    async def _listen(self) -> RunOutcome | None:
        """Pass on what the run says until it ends; None if it ended without saying how."""
        outcome: RunOutcome | None = None
        while (message := await self._next()) is not _END:
            match message:
                case ("log", text):
                    await self._listener.on_log(self._with_more(text))
                case ("cell", cell, cells):
                    self._cell = cell
                    await self._listener.on_cell(cell, cells)
                case ("outcome", said):
                    outcome = said
                case ("broken", said) if self._forced is None:
                    raise RunnerBroken(said)
        return outcome

    async def _next(self) -> tuple[Any, ...]:
        message, self._held_back = self._held_back, None
        return message if message is not None else await self._messages.get()

    def _with_more(self, text: str) -> str:
        """Return `text` and what has come after it meanwhile, so that many small pieces are passed on as one."""
        pieces = [text]
        while self._held_back is None and not self._messages.empty():
            message = self._messages.get_nowait()
            if message[0] == "log":
                pieces.append(message[1])
            else:
                self._held_back = message
        return "".join(pieces)

    # Following it to its end -----------------------------------------------------------------------------------

    async def _follow(self) -> RunOutcome:
        watches = [
            asyncio.create_task(self._watch_time()),
            asyncio.create_task(self._watch(self._look_at_memory, _MEMORY_EVERY_SECONDS)),
            asyncio.create_task(self._watch(self._usage.look_at_processes, _PROCESSES_EVERY_SECONDS)),
            asyncio.create_task(self._watch(self._usage.look_at_disk, _DISK_EVERY_SECONDS)),
        ]
        if self._spec.environment.get("CUDA_VISIBLE_DEVICES"):
            watches.append(asyncio.create_task(self._watch(self._usage.look_at_gpu, _GPU_EVERY_SECONDS)))
        try:
            outcome = await self._listen()
        except RunnerBroken:
            raise
        except Exception as error:
            raise RunnerBroken(f"what the run said could not be passed on: {error!r}") from error
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
            await asyncio.to_thread(self._see_gone)
            await asyncio.to_thread(self._settle)
        seconds = time.monotonic() - self._started
        if self._forced is not None:
            return RunOutcome(self._forced, seconds, self._memory.peak, cell=self._cell, usage=self._usage.peak)
        if outcome is None:
            raise RunnerBroken("the process of the run ended without a word")
        return replace(outcome, seconds=seconds, peak_memory_bytes=self._memory.peak, usage=self._usage.peak)

    async def _watch_time(self) -> None:
        await asyncio.sleep(self._spec.limits.wall_seconds)
        await self._end_by_force(RunEnd.TIMED_OUT)

    async def _watch(self, look: Callable[[], RunEnd | None], every_seconds: float) -> None:
        """Call `look` again and again, and end the run with what it returns."""
        while True:
            began = time.monotonic()
            if (end := await asyncio.to_thread(look)) is not None:
                await self._end_by_force(end)
                return
            took = time.monotonic() - began
            await asyncio.sleep(max(every_seconds, took / _SHARE))

    def _look_at_memory(self) -> RunEnd | None:
        return RunEnd.OUT_OF_MEMORY if self._memory.look(self._spec.limits.memory_bytes) else None

    async def _end_by_force(self, why: RunEnd) -> None:
        if self._followed.done():
            return
        if self._forced is None:
            self._forced = why
        await asyncio.to_thread(self._kill)

    def _kill(self) -> None:
        with self._killing:
            if self._process.is_alive():
                # Whoever hangs is reported when the rest is seen gone.
                with suppress(ProcessesLeft):
                    kill_descendants(self._pid)
                self._process.kill()

    def _see_gone(self) -> None:
        self._kill()
        self._process.join()
        # The executor process may have been killed by somebody else, and what was below it have survived.
        self._kill_orphans()
        try:
            self._launched.end()
        except OSError as error:
            raise RunnerBroken(f"what the run has started does not end: {error}") from error

    def _settle(self) -> None:
        """Make what the run has left safe to read, and remove what nobody needs any more."""
        try:
            for name in WRITABLE:
                remove(self._spec.run_dir / name)
            take_back(self._spec.output_dir)
        except OSError as error:
            raise RunnerBroken(f"what the run left cannot be put in order: {error}") from error
