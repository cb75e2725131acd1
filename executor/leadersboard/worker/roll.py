"""Keeps the worker on the roll: every few seconds it says how it is, and crosses itself out at its end."""

import asyncio
import logging
from datetime import datetime, timedelta

from leadersboard.ports.monitoring import WorkerState
from leadersboard.ports.records import RecordsUnavailable
from leadersboard.usecases.workshop import Workshop
from leadersboard.worker.crew import Crew

logger = logging.getLogger(__name__)
# For so long an operator can see that a worker was there and is not heard of any more.
_REMEMBERED = timedelta(days=1)


class Roll:
    """This worker's entry."""

    def __init__(self, shop: Workshop, crew: Crew) -> None:
        self._shop = shop
        self._crew = crew
        self._started_at: datetime = shop.clock.now()

    async def say(self) -> None:
        """Write down how the worker is; where the records are away, nobody can read it either."""
        try:
            await asyncio.to_thread(self._write)
        except RecordsUnavailable as error:
            logger.warning("the worker could not say how it is: %s", error)

    async def leave(self) -> None:
        """Cross the worker out."""
        try:
            await asyncio.to_thread(self._cross_out)
        except RecordsUnavailable as error:
            logger.warning("the worker stays on the roll until it is forgotten: %s", error)

    def _write(self) -> None:
        now = self._shop.clock.now()
        state = WorkerState(
            worker=self._shop.worker,
            started_at=self._started_at,
            seen_at=now,
            slots=self._crew.size,
            busy=self._crew.busy,
            mood=self._crew.mood,
            counts=self._shop.tally.counts(),
        )
        with self._shop.records.writing() as transaction:
            transaction.workers.say(state)
            transaction.workers.forget(now - _REMEMBERED)

    def _cross_out(self) -> None:
        with self._shop.records.writing() as transaction:
            transaction.workers.leave(self._shop.worker)
