"""The database behind the tracking server is told to look again until it has."""

import threading
from typing import cast

from leadersboard.board.boards import Boards
from leadersboard.ports.records import Records
from leadersboard.ports.runs import Runs
from tests.conftest import SettableClock


class NoRuns:
    """The part of `Runs` that a board nobody asks for needs."""

    def close(self) -> None:
        """There is nothing to close."""


class Refusing:
    """Statistics that cannot be taken the first time."""

    def __init__(self) -> None:
        self.asked = 0
        self.done = threading.Event()

    def refresh(self) -> bool:
        self.asked += 1
        if self.asked == 2:
            self.done.set()
        return self.asked == 2


def test_statistics_are_taken_at_the_start_as_soon_as_they_can_be_and_not_again_without_need() -> None:
    statistics = Refusing()
    boards = Boards(cast(Records, None), cast(Runs, NoRuns()), statistics, SettableClock(), look_seconds=0.001)
    boards.start()
    assert statistics.done.wait(30)
    boards.close()
    assert statistics.asked == 2
