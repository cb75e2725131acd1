"""What time it is."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time, which tests can set."""

    def now(self) -> datetime:
        """Return the current time, aware and in UTC."""
        ...
