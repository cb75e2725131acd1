"""How long files of jobs are kept."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """Until when outputs and logs are kept: for how long, and how much of them, None for no limit; and how much is to
    be free on the disk, 0 for no matter."""

    max_age: timedelta | None = None
    max_bytes: int | None = None
    floor_bytes: int = 0
