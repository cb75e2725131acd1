"""The worker's slots: each takes one job after the other, and all are handed back when the worker is told to end."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from leadersboard.domain.job import Job
from leadersboard.ports.records import Claim, RecordsUnavailable
from leadersboard.usecases.attempt import Attempt, Interruption
from leadersboard.usecases.execute_job import execute_job
from leadersboard.usecases.reconcile import take_back_lost_jobs
from leadersboard.usecases.record_results import record_results
from leadersboard.usecases.workshop import Device, Workshop

logger = logging.getLogger(__name__)


class Crew:
    """Runs one job at a time on each device. Waking it too often does no harm, nor does a wake-up that is lost."""

    def __init__(self, shop: Workshop, devices: Sequence[Device]) -> None:
        self._shop = shop
        self._free = list(devices)
        self._slots: set[asyncio.Task[None]] = set()
        self._attempts: set[Attempt] = set()
        self._recording = asyncio.Lock()
        self._woken = False
        self._closing = False

    def wake(self) -> None:
        """Have a free slot look for a job. Slots that are busy look by themselves when they are done."""
        self._woken = True
        if self._free and not self._closing:
            slot = asyncio.create_task(self._work(self._free.pop()))
            self._slots.add(slot)
            slot.add_done_callback(self._slots.discard)

    async def reconcile(self) -> None:
        """Take back what other workers lost, look for jobs that nobody was woken for, record what tracking lacks."""
        try:
            await asyncio.to_thread(take_back_lost_jobs, records=self._shop.records, clock=self._shop.clock)
        except RecordsUnavailable as error:
            logger.warning("lost jobs could not be looked for: %s", error)
        for _ in range(len(self._free)):
            self.wake()
        await self._record()

    async def close(self, grace_seconds: float) -> None:
        """Take no more jobs; let those that run end within the grace time, and hand the others back."""
        self._closing = True
        if self._slots:
            _, late = await asyncio.wait(self._slots, timeout=grace_seconds)
            await asyncio.gather(*(attempt.interrupt(Interruption.HANDED_BACK) for attempt in self._attempts))
            await asyncio.gather(*late)

    async def _work(self, device: Device) -> None:
        try:
            while (job := await self._next_job()) is not None:
                await self._carry_out(job, device)
                await self._record()
        except Exception:
            # The lease of a job that was in hand runs out, and it is taken back: by this worker or another.
            logger.exception("a slot of the worker broke")
        finally:
            self._free.append(device)

    async def _next_job(self) -> Job | None:
        """Claim a job, looking again if somebody called while this was looking."""
        while not self._closing:
            self._woken = False
            try:
                job = await asyncio.to_thread(self._claim)
            except RecordsUnavailable as error:
                logger.warning("no job could be claimed: %s", error)
                return None
            if job is not None or not self._woken:
                return job
        return None

    def _claim(self) -> Job | None:
        now = self._shop.clock.now()
        claim = Claim(
            worker=self._shop.worker,
            resource_classes=self._shop.served_classes,
            now=now,
            lease_expires_at=now + timedelta(seconds=self._shop.lease_seconds),
            max_running_per_user=self._shop.max_running_per_user,
        )
        with self._shop.records.writing() as transaction:
            return transaction.jobs.claim_next(claim)

    async def _carry_out(self, job: Job, device: Device) -> None:
        attempt = Attempt(job, self._shop)
        self._attempts.add(attempt)
        logger.info("job %s, attempt %d, on %s", job.job_id, job.attempt, device.label)
        try:
            await execute_job(attempt, device, self._shop)
        finally:
            self._attempts.discard(attempt)
        logger.info("job %s, attempt %d, is over", job.job_id, job.attempt)

    async def _record(self) -> None:
        if self._recording.locked():
            # Whoever records now takes what is there; what comes later is found at the next look.
            return
        async with self._recording:
            try:
                await asyncio.to_thread(record_results, self._shop)
            except RecordsUnavailable as error:
                logger.warning("results could not be recorded: %s", error)
