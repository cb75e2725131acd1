"""Wakes workers through arq on Redis."""

from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from leadersboard.ports.queue import QueueUnavailable

QUEUE_NAME = "leadersboard:wake"
RUN_NEXT = "run_next"
# A request must not wait for a Redis that is away: the job is found without it.
_CONNECT_SECONDS = 2


def redis_pool(dsn: str) -> ConnectionPool:
    """Return a pool of connections to `dsn`; nothing is connected until it is used."""
    return ConnectionPool.from_url(dsn, socket_connect_timeout=_CONNECT_SECONDS)


class ArqQueue:
    """The `Queue` port."""

    def __init__(self, dsn: str) -> None:
        self._redis = ArqRedis(redis_pool(dsn), default_queue_name=QUEUE_NAME)

    async def wake(self, times: int = 1) -> None:
        try:
            for _ in range(times):
                await self._redis.enqueue_job(RUN_NEXT)
        except (RedisError, OSError, TimeoutError) as error:
            raise QueueUnavailable(str(error)) from error

    async def ping(self) -> None:
        """Raise QueueUnavailable unless Redis answers."""
        try:
            await self._redis.ping()
        except (RedisError, OSError, TimeoutError) as error:
            raise QueueUnavailable(str(error)) from error

    async def close(self) -> None:
        await self._redis.aclose(close_connection_pool=True)
