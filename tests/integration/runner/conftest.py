"""Real runs: each with folders of its own, and an ear for what it says."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from leadersboard.adapters.runner.forkserver import ForkserverRunner
from leadersboard.adapters.runner.launch import Launcher, PlainLauncher
from leadersboard.adapters.sandbox import NoSandbox, choose
from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.domain.sandbox import Sandbox
from leadersboard.ports.runner import Run, RunOutcome, RunSpec

LIMITS = ResourceClass("test", wall_seconds=120, memory_bytes=4096 * MIB, log_bytes=200_000)


@dataclass
class Ear:
    """The listener: keeps all it hears, and lets tests wait for a word."""

    log: str = ""
    cells: list[tuple[int, int]] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def on_log(self, text: str) -> None:
        self.log += text
        self.heard.set()

    async def on_cell(self, cell: int, cells: int) -> None:
        self.cells.append((cell, cells))
        self.heard.set()

    async def hears(self, word: str) -> None:
        while word not in self.log:
            self.heard.clear()
            await self.heard.wait()


class Place:
    """Folders of one run. The run folder's path is short, as sockets want it, and marks the run's processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run_dir = folder / "run"
        self.submission = folder / "submission"
        self.output = folder / "output"
        self.executed = folder / "executed.ipynb"
        for each in (self.run_dir, self.submission, self.output):
            each.mkdir()

    def notebook(self, content: bytes, limits: ResourceClass = LIMITS, **more: Any) -> RunSpec:
        return self._spec("notebook.ipynb", content, limits, executed_notebook=self.executed, **more)

    def script(self, content: str, limits: ResourceClass = LIMITS, **more: Any) -> RunSpec:
        return self._spec("main.py", content.encode(), limits, **more)

    def _spec(self, name: str, content: bytes, limits: ResourceClass, **more: Any) -> RunSpec:
        entrypoint = self.submission / name
        entrypoint.write_bytes(content)
        return RunSpec(entrypoint, self.submission, self.output, self.run_dir, limits, **more)

    def outputs(self) -> list[list[Mapping[str, Any]]]:
        """Return the outputs of each code cell that the executed notebook shows at present."""
        cells = nbformat.read(self.executed, as_version=4).cells
        return [cell.outputs for cell in cells if cell.cell_type == "code"]

    def text(self) -> str:
        return "".join(output.get("text", "") for outputs in self.outputs() for output in outputs)


def running(mark: Path | str) -> list[Sequence[str]]:
    """Return the commands of living processes that name `mark`."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        command = process.info["cmdline"] or []
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(str(mark) in word for word in command):
            found.append(command)
    return found


Places = Callable[[], Place]


@pytest.fixture
def new_place() -> Iterator[Places]:
    folders: list[Path] = []

    def new() -> Place:
        folders.append(Path(tempfile.mkdtemp(prefix="lb")))
        return Place(folders[-1])

    yield new
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def place(new_place: Places) -> Place:
    return new_place()


@pytest.fixture(scope="session")
def launcher() -> Launcher:
    """The walls that hold on this machine; without any, runs are tested without."""
    try:
        return choose(Sandbox.AUTO).launcher
    except NoSandbox:
        return PlainLauncher()


@pytest.fixture(scope="session")
def runner(launcher: Launcher) -> Iterator[ForkserverRunner]:
    made = ForkserverRunner(launcher)
    yield made
    asyncio.run(made.close())


Then = Callable[[Run, Ear], Coroutine[Any, Any, None]]
CarryOut = Callable[..., tuple[RunOutcome, Ear]]


@pytest.fixture
def carry_out(runner: ForkserverRunner) -> CarryOut:
    """Start a run, do what `then` says meanwhile, and see it end."""

    def carry_out(spec: RunSpec, then: Then | None = None) -> tuple[RunOutcome, Ear]:
        async def whole() -> tuple[RunOutcome, Ear]:
            ear = Ear()
            run = await runner.start(spec, ear)
            over = asyncio.create_task(run.wait())
            if then is not None:
                # What it waits for may never come if the run ends.
                meanwhile = asyncio.create_task(then(run, ear))
                await asyncio.wait([over, meanwhile], return_when=asyncio.FIRST_COMPLETED)
                if not meanwhile.done():
                    meanwhile.cancel()
                    pytest.fail(f"the run ended early: {await over}")
                await meanwhile
            return await over, ear

        return asyncio.run(whole())

    return carry_out
