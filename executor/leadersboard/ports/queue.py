"""What wakes workers up. A message may be lost or doubled without harm."""

from typing import Protocol


class Queue(Protocol):
    """Tells workers that there is something to claim; says nothing about what."""

    async def wake(self, times: int = 1) -> None:
        """Wake `times` workers.

        Raises:
            QueueUnavailable: the message could not be sent. The job is safe in the records, and is found later.
        """
        ...


class QueueUnavailable(Exception):
    """The queue cannot be reached at present."""
