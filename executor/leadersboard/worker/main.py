"""The worker's process: arq listens for wake-ups, the crew does the work."""

import asyncio
import logging
import os
import signal
from typing import Any, cast

from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.exceptions import RedisError

from leadersboard.adapters.arq_queue import QUEUE_NAME, RUN_NEXT, redis_pool
from leadersboard.adapters.runner import ForkserverRunner
from leadersboard.bootstrap import build_platform, build_workshop
from leadersboard.settings import Settings
from leadersboard.worker.crew import Crew
from leadersboard.worker.devices import find_devices
from leadersboard.worker.tasks import run_next

logger = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0
_TASK_SECONDS = 10


def run(settings: Settings) -> None:
    """Work until told to end by SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("arq").setLevel(logging.WARNING)
    asyncio.run(work(settings))


async def work(settings: Settings) -> None:
    """Claim and carry out jobs until SIGTERM or SIGINT, then end within the grace time."""
    told_to_end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_end.set)
    for folder in (settings.scratch, settings.run_root, settings.weights):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    platform = build_platform(settings)
    runner = ForkserverRunner()
    devices = find_devices(settings.worker_slots, os.environ.get("CUDA_VISIBLE_DEVICES"))
    crew = Crew(build_workshop(platform, runner), devices)
    logger.info("working on %s", ", ".join(device.label for device in devices))
    loops = [asyncio.create_task(_listen(settings, crew)), asyncio.create_task(_reconcile(settings, crew))]
    try:
        ended = asyncio.create_task(told_to_end.wait())
        # A loop never ends by itself: if one does, it broke, and the process must not live on half.
        await asyncio.wait([ended, *loops], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for loop in loops:
            loop.cancel()
        results = await asyncio.gather(*loops, return_exceptions=True)
        await crew.close(settings.grace_seconds)
        await runner.close()
        await platform.close()
    for result in results:
        if isinstance(result, Exception):
            raise result


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


async def _reconcile(settings: Settings, crew: Crew) -> None:
    while True:
        await crew.reconcile()
        await asyncio.sleep(settings.reconcile_seconds)
