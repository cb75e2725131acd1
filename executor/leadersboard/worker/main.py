"""The worker's process: arq listens for wake-ups, the crew does the work."""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.exceptions import RedisError

from leadersboard.adapters.arq_queue import QUEUE_NAME, RUN_NEXT, redis_pool
from leadersboard.adapters.runner.forkserver import ForkserverRunner
from leadersboard.adapters.sandbox import choose
from leadersboard.bootstrap import build_platform, build_shelves, build_workshop
from leadersboard.log_lines import log_in_json
from leadersboard.settings import Settings
from leadersboard.worker.crew import Crew
from leadersboard.worker.devices import find_devices
from leadersboard.worker.pruning import prune_for_ever
from leadersboard.worker.recorder import Recorder
from leadersboard.worker.roll import Roll
from leadersboard.worker.tasks import run_next

logger = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0
_TASK_SECONDS = 10
# What is done in threads waits for disks, for the records, for tracking; a lease must never wait for such a thread.
_THREADS = 16
_THREADS_A_SLOT = 4


def run(settings: Settings) -> None:
    """Work until told to end by SIGTERM or SIGINT."""
    log_in_json()
    asyncio.run(work(settings))


async def work(settings: Settings) -> None:
    """Claim and carry out jobs until SIGTERM or SIGINT, then end within the grace time."""
    told_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told_to_end.set)
    walls = choose(settings.sandbox, settings.readable_folders, settings.containers)
    for folder in (settings.scratch, settings.run_root, settings.weights):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    devices = find_devices(settings.worker_slots, os.environ.get("CUDA_VISIBLE_DEVICES"))
    loop.set_default_executor(ThreadPoolExecutor(_THREADS + _THREADS_A_SLOT * len(devices)))
    platform = build_platform(settings)
    runner = ForkserverRunner(walls.launcher)
    shop = build_workshop(platform, runner)
    recorder = Recorder(shop)
    crew = Crew(shop, devices, ended=recorder.tell)
    roll = Roll(shop, crew)
    logger.info("sandbox: %s", walls.detail)
    logger.info("working on %s", ", ".join(device.label for device in devices))
    prune = prune_for_ever(settings, build_shelves(platform), shop.tally)
    loops = [asyncio.create_task(one) for one in (*_loops(settings, crew, recorder, roll), prune)]
    try:
        ended = asyncio.create_task(told_to_end.wait())
        # A loop never ends by itself: if one does, it broke, and the process must not live on half.
        await asyncio.wait([ended, *loops], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in loops:
            task.cancel()
        results = await asyncio.gather(*loops, return_exceptions=True)
        await _end(settings, crew, recorder, roll)
        await runner.close()
        await platform.close()
    for result in results:
        if isinstance(result, Exception):
            raise result


def _loops(settings: Settings, crew: Crew, recorder: Recorder, roll: Roll) -> list[Coroutine[Any, Any, None]]:
    return [
        _listen(settings, crew),
        _again_and_again(settings.heartbeat_seconds, crew.take_back),
        _again_and_again(settings.reconcile_seconds, roll.say),
        _again_and_again(settings.reconcile_seconds, lambda: _reconcile(crew)),
        recorder.run(settings.reconcile_seconds),
    ]


async def _end(settings: Settings, crew: Crew, recorder: Recorder, roll: Roll) -> None:
    closing = asyncio.create_task(crew.close(settings.grace_seconds))
    await asyncio.sleep(0)  # the crew says from now on that it is draining
    await roll.say()
    await closing
    await recorder.record()
    await roll.leave()


async def _again_and_again(every_seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    while True:
        await do()
        await asyncio.sleep(every_seconds)


async def _reconcile(crew: Crew) -> None:
    """Look for jobs that nobody was woken for, and for what others have left."""
    crew.wake_all()
    await crew.tidy()


async def _listen(settings: Settings, crew: Crew) -> None:
    """Wake the crew at each message. Without Redis the crew goes on, and finds new jobs at each reconcile."""
    while True:
        redis = ArqRedis(redis_pool(settings.redis_dsn), default_queue_name=QUEUE_NAME)
        worker = Worker(
            [func(cast(Any, run_next), name=RUN_NEXT, timeout=_TASK_SECONDS, keep_result=0)],
            queue_name=QUEUE_NAME,
            redis_pool=redis,
            poll_delay=settings.poll_seconds,
            handle_signals=False,
            log_results=False,
            ctx={"crew": crew},
        )
        try:
            await worker.async_run()
        except (RedisError, OSError) as error:
            logger.warning("no wake-ups at present: %s", error)
            await asyncio.sleep(_RETRY_SECONDS)
        finally:
            await redis.aclose(close_connection_pool=True)
