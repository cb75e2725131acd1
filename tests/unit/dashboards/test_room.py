"""A page is live while there is room, and never waited for."""

from asyncio import Future, new_event_loop
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from leadersboard_dashboards.room import Answer, Room
from leadersboard_dashboards.settings import DashboardSettings

# What Voilà knows of a page that is being made ready.
Heated = dict[str, SimpleNamespace]
BOARD, RUN = "leaderboard.ipynb", "run.ipynb"


@dataclass
class Kernels:
    """As much of Voilà's kernels as counts: those that viewers have, and those that are kept ready, by notebook."""

    live: int = 0
    _pools: dict[str, list["Future[Heated]"]] = field(default_factory=dict)

    @property
    def notebook_data(self) -> dict[str, object]:
        return dict(self._pools)

    def get_pool_size(self, notebook: str) -> int:
        return len(self._pools.get(notebook, []))

    def list_kernel_ids(self) -> list[str]:
        return [str(number) for number in range(self.live + sum(map(len, self._pools.values())))]


@pytest.fixture
def future() -> Iterator["Future[Heated]"]:
    loop = new_event_loop()
    yield loop.create_future()
    loop.close()


def test_a_page_that_is_ready_is_live_and_one_that_is_not_yet_is_starting(future: "Future[Heated]") -> None:
    kernels = Kernels(_pools={BOARD: [future]})
    room = Room(kernels, DashboardSettings())
    assert room.for_page_of(BOARD) is Answer.STARTING
    renderer = SimpleNamespace()
    future.set_result({"renderer": renderer})
    assert room.for_page_of(BOARD) is Answer.STARTING
    renderer.executor = SimpleNamespace(code_cells_executed=0)
    assert room.for_page_of(BOARD) is Answer.STARTING
    renderer.executor.code_cells_executed = 1
    assert room.for_page_of(BOARD) is Answer.YES


def test_pages_that_are_not_kept_ready_start_for_their_viewers() -> None:
    assert Room(Kernels(), DashboardSettings()).for_page_of(RUN) is Answer.YES


def test_past_the_most_viewers_there_is_no_room_but_those_kept_ready_are_no_viewers(future: "Future[Heated]") -> None:
    future.set_result({"renderer": SimpleNamespace(executor=SimpleNamespace(code_cells_executed=1))})
    kernels = Kernels(live=2, _pools={BOARD: [future, future]})
    room = Room(kernels, DashboardSettings(most_viewers=3))
    assert room.for_page_of(BOARD) is Answer.YES
    kernels.live = 3
    assert room.for_page_of(BOARD) is Answer.BUSY
    assert room.for_page_of(RUN) is Answer.BUSY
