"""A worker, or an API, whose clock is off by as many seconds as a file says at the moment."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import leadersboard.bootstrap


class ShiftedClock:
    """The `Clock` port."""

    def now(self) -> datetime:
        shift = Path(os.environ["CHAOS_CLOCK"])
        seconds = float(shift.read_text() or 0) if shift.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=seconds)


if __name__ == "__main__":
    leadersboard.bootstrap.SystemClock = ShiftedClock  # type: ignore[misc,assignment]
    from leadersboard.cli.main import app

    app()
