"""Brings ended jobs to tracking, beside the slots: a tracking server that is slow keeps no device idle."""

import asyncio
import logging

from leadersboard.ports.records import RecordsUnavailable
from leadersboard.usecases.record_results import record_results
from leadersboard.usecases.workshop import Workshop

logger = logging.getLogger(__name__)
_BATCH = 10


class Recorder:
    """Records what has ended whenever it is told that something has, and every few seconds."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._told = asyncio.Event()

    def tell(self) -> None:
        """Say that a job has ended."""
        self._told.set()

    async def run(self, every_seconds: float) -> None:
        """Record for ever."""
        while True:
            self._told.clear()
            # As long as whole batches succeed there may be more.
            while await self.record() == _BATCH:
                continue
            try:
                await asyncio.wait_for(self._told.wait(), every_seconds)
            except TimeoutError:
                continue

    async def record(self) -> int:
        """Record a batch; return how many jobs were."""
        try:
            return await asyncio.to_thread(record_results, self._shop, _BATCH)
        except RecordsUnavailable as error:
            logger.warning("results could not be recorded: %s", error)
            return 0
