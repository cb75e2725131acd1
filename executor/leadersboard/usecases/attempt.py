"""One attempt at a job, as its worker holds it: the lease, the news it sends out, and what can interrupt it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from leadersboard.domain.job import Job, JobEvent, Stage
from leadersboard.ports.monitoring import Counted
from leadersboard.ports.records import Ending, LeaseState, Progress, RecordsUnavailable
from leadersboard.ports.runner import Run, RunOutcome, RunSpec
from leadersboard.usecases.workshop import Workshop

T = TypeVar("T")

logger = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0


class Interruption(StrEnum):
    """Why an attempt was broken off."""

    CANCELLED = "cancelled"
    LEASE_LOST = "lease_lost"
    HANDED_BACK = "handed_back"


class Attempt:
    """The listener of a run, and the keeper of its lease. Each write names the attempt, so that a stale one is void."""

    def __init__(self, job: Job, shop: Workshop) -> None:
        self.job = job
        self.interruption: Interruption | None = None
        self._shop = shop
        self._run: Run | None = None
        self._ends = False

    # What the run says -----------------------------------------------------------------------------------------

    async def on_log(self, text: str) -> None:
        await asyncio.to_thread(self._shop.logs.append, self.job.job_id, self.job.attempt, text)
        await self._shop.events.publish(self.job.job_id)

    async def on_cell(self, cell: int, cells: int) -> None:
        await self.note(Progress(stage=Stage.EXECUTING, cell=cell, cells=cells))

    async def note(self, progress: Progress) -> None:
        """Write progress down and tell the watchers. Progress is not worth failing for when the records are away."""
        try:
            await asyncio.to_thread(self._write_progress, progress)
        except RecordsUnavailable as error:
            logger.warning("progress of job %s is not written: %s", self.job.job_id, error)
        await self._shop.events.publish(self.job.job_id)

    def _write_progress(self, progress: Progress) -> None:
        with self._shop.records.writing() as transaction:
            transaction.jobs.note_progress(self.job.job_id, self.job.attempt, progress, self._shop.clock.now())

    # Running and stopping --------------------------------------------------------------------------------------

    async def carry_out(self, spec: RunSpec, listener: "Attempt | Silence") -> RunOutcome:
        """Run `spec` to its end. An interruption that came before, or comes meanwhile, stops it."""
        run = await self._shop.runner.start(spec, listener)
        self._run = run
        try:
            if self.interruption is not None:
                await run.stop()
            return await run.wait()
        finally:
            self._run = None

    async def interrupt(self, why: Interruption) -> None:
        """Break the attempt off; the first reason stands."""
        if self.interruption is not None:
            return
        self.interruption = why
        logger.info("job %s, attempt %d: %s", self.job.job_id, self.job.attempt, why)
        if self._run is not None:
            await self._run.stop()

    # The lease -------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def leased(self) -> AsyncIterator[None]:
        """Renew the lease while the context lasts."""
        keeper = asyncio.create_task(self._keep_lease())
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _keep_lease(self) -> None:
        while self.interruption is not Interruption.LEASE_LOST:
            await asyncio.sleep(self._shop.heartbeat_seconds)
            state = await self._renew()
            if state is LeaseState.CANCEL_REQUESTED:
                await self.interrupt(Interruption.CANCELLED)
            elif state is LeaseState.LOST and not self._ends:
                await self.interrupt(Interruption.LEASE_LOST)

    async def _renew(self) -> LeaseState:
        try:
            state = await asyncio.to_thread(self._write_renewal, self._shop.clock.now())
        except RecordsUnavailable as error:
            # If the records are away for all, nobody else can have the job. If they are for this worker alone, another
            # may, and this one learns it when it can: until then it could do nothing better with its device, and
            # nothing that it writes would count.
            logger.warning("the lease of job %s is not renewed: %s", self.job.job_id, error)
            self._shop.tally.add(Counted.LEASES_UNKNOWN)
            return LeaseState.KEPT
        if state is LeaseState.LOST and self._ends:
            # Its own end was written a moment ago.
            return state
        self._shop.tally.add(Counted.LEASES_LOST if state is LeaseState.LOST else Counted.LEASES_KEPT)
        return state

    def _write_renewal(self, now: datetime) -> LeaseState:
        until = now + timedelta(seconds=self._shop.lease_seconds)
        with self._shop.records.writing() as transaction:
            return transaction.jobs.renew_lease(self.job.job_id, self.job.attempt, now, until)

    # The end ---------------------------------------------------------------------------------------------------

    def broken_off(self) -> Ending:
        """Return the ending that the interruption means; for a lost lease it will not be written by anybody."""
        if self.interruption is Interruption.CANCELLED:
            return Ending(JobEvent.STOP)
        return Ending(JobEvent.RELEASE, counts=self.interruption is not Interruption.HANDED_BACK)

    async def end(self, ending: Ending) -> bool:
        """Write the end of the attempt, waiting for records that are away; False if the attempt was not current."""
        self._ends = True
        written = await self.patiently(lambda: self._write_end(ending))
        await self._shop.events.publish(self.job.job_id)
        return written

    async def patiently(self, ask: Callable[[], T]) -> T:
        """Return what `ask` does, called in a thread, and again and again while the records are away."""
        while True:
            try:
                return await asyncio.to_thread(ask)
            except RecordsUnavailable as error:
                logger.warning("job %s waits for the records: %s", self.job.job_id, error)
                await asyncio.sleep(_RETRY_SECONDS)

    def _write_end(self, ending: Ending) -> bool:
        with self._shop.records.writing() as transaction:
            return transaction.jobs.end(self.job.job_id, self.job.attempt, ending, self._shop.clock.now())


class Silence:
    """Listens to runs whose words are not for the participant."""

    async def on_log(self, text: str) -> None:
        return None

    async def on_cell(self, cell: int, cells: int) -> None:
        return None
