"""News of jobs over Redis publish/subscribe; without Redis, watchers look again at their own pace."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from leadersboard.adapters.arq_queue import redis_pool

logger = logging.getLogger(__name__)
_AWAY = (RedisError, OSError, TimeoutError)


class RedisEvents:
    """The `Events` port."""

    def __init__(self, dsn: str) -> None:
        self._redis: Redis = Redis(connection_pool=redis_pool(dsn))

    async def publish(self, job_id: str) -> None:
        try:
            await self._redis.publish(_channel(job_id), b"")
        except _AWAY as error:
            logger.warning("nobody could be told of job %s: %s", job_id, error)

    @asynccontextmanager
    async def watch(self, job_id: str, every_seconds: float) -> AsyncIterator[AsyncIterator[None]]:
        async with self._redis.pubsub() as subscription:
            try:
                await subscription.subscribe(_channel(job_id))
            except _AWAY as error:
                logger.warning("no news of job %s: %s", job_id, error)
                yield _ticks(every_seconds)
            else:
                yield _news(subscription, every_seconds)

    async def close(self) -> None:
        await self._redis.aclose(close_connection_pool=True)


def _channel(job_id: str) -> str:
    return f"leadersboard:job:{job_id}"


async def _ticks(every_seconds: float) -> AsyncIterator[None]:
    while True:
        yield
        await asyncio.sleep(every_seconds)


async def _news(subscription: PubSub, every_seconds: float) -> AsyncIterator[None]:
    yield
    while True:
        try:
            await subscription.get_message(ignore_subscribe_messages=True, timeout=every_seconds)
        except _AWAY:
            await asyncio.sleep(every_seconds)
        yield
