"""The worker's slots: each takes one job after the other, and all are handed back when the worker is told to end."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from leadersboard.domain.job import Job
from leadersboard.log_lines import about
from leadersboard.ports.monitoring import Counted, Mood
from leadersboard.ports.records import Claim, RecordsUnavailable
from leadersboard.usecases.attempt import Attempt, Interruption
from leadersboard.usecases.disk_space import free_bytes
from leadersboard.usecases.execute_job import execute_job
from leadersboard.usecases.reconcile import LeaseWatch, take_back_lost_jobs
from leadersboard.usecases.sweep import sweep
from leadersboard.usecases.workshop import Device, Workshop

logger = logging.getLogger(__name__)
# What was interrupted writes its end; records that are away for longer learn it from the lease.
_LAST_WORD_SECONDS = 5.0


class Crew:
    """Runs one job at a time on each device. Waking it too often does no harm, nor does a wake-up that is lost.

    `ended` is called after each job.
    """

    def __init__(self, shop: Workshop, devices: Sequence[Device], ended: Callable[[], None]) -> None:
        self._shop = shop
        self._ended = ended
        self._free = list(devices)
        self._watch = LeaseWatch(shop.lease_seconds)
        self._slots: set[asyncio.Task[None]] = set()
        self._attempts: set[Attempt] = set()
        self._woken = False
        self._closing = False
        self._has_room = True
        self.size = len(self._free)

    @property
    def busy(self) -> int:
        """Return how many jobs run."""
        return len(self._attempts)

    @property
    def mood(self) -> Mood:
        if self._closing:
            return Mood.DRAINING
        return Mood.WORKING if self._has_room else Mood.SHORT_OF_SPACE

    def wake(self) -> None:
        """Have a free slot look for a job. Slots that are busy look by themselves when they are done."""
        self._woken = True
        if self._free and not self._closing:
            slot = asyncio.create_task(self._work(self._free.pop()))
            self._slots.add(slot)
            slot.add_done_callback(self._slots.discard)

    def wake_all(self) -> None:
        for _ in range(len(self._free)):
            self.wake()

    async def take_back(self) -> None:
        """Take back jobs whose worker is gone."""
        try:
            taken = await asyncio.to_thread(
                take_back_lost_jobs,
                self._watch,
                time.monotonic(),
                records=self._shop.records,
                clock=self._shop.clock,
            )
        except RecordsUnavailable as error:
            logger.warning("lost jobs could not be looked for: %s", error)
            return
        if taken:
            self._shop.tally.add(Counted.TAKEN_BACK, taken)
            self.wake_all()

    async def tidy(self) -> None:
        """Remove what workers that are gone have left on this machine."""
        own = [attempt.job for attempt in self._attempts]
        try:
            swept = await asyncio.to_thread(
                sweep, self._shop.scratch, self._shop.run_root, own, records=self._shop.records
            )
            # What has lost its folder, just now or before, has nobody who waits for it.
            swept += await self._shop.runner.sweep(self._shop.run_root)
        except (RecordsUnavailable, OSError) as error:
            logger.warning("what others have left could not be looked for: %s", error)
            return
        self._shop.tally.add(Counted.SWEPT, swept)

    async def close(self, grace_seconds: float) -> None:
        """Take no more jobs; let those that run end within the grace time, and hand the others back."""
        self._closing = True
        if not self._slots:
            return
        _, late = await asyncio.wait(self._slots, timeout=grace_seconds)
        await asyncio.gather(*(attempt.interrupt(Interruption.HANDED_BACK) for attempt in self._attempts))
        if late:
            _, silent = await asyncio.wait(late, timeout=_LAST_WORD_SECONDS)
            for slot in silent:
                slot.cancel()
            await asyncio.gather(*silent, return_exceptions=True)

    async def _work(self, device: Device) -> None:
        try:
            while (job := await self._next_job()) is not None:
                await self._carry_out(job, device)
                self._ended()
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
            except (RecordsUnavailable, OSError) as error:
                logger.warning("no job could be claimed: %s", error)
                return None
            if job is not None or not self._woken:
                return job
        return None

    def _claim(self) -> Job | None:
        if not self._see_room():
            return None
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

    def _see_room(self) -> bool:
        free = free_bytes(self._shop.disks)
        had, self._has_room = self._has_room, free >= self._shop.min_free_bytes
        if had and not self._has_room:
            logger.error("only %d bytes are free on a disk: no job is taken until there are more", free)
        return self._has_room

    async def _carry_out(self, job: Job, device: Device) -> None:
        attempt = Attempt(job, self._shop)
        self._attempts.add(attempt)
        self._shop.tally.add(Counted.ATTEMPTS)
        with about(job_id=job.job_id, attempt=job.attempt, user=job.user_id):
            logger.info("begun on %s", device.label)
            try:
                await execute_job(attempt, device, self._shop)
            finally:
                self._attempts.discard(attempt)
            logger.info("over")
