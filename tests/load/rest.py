"""What the platform holds while nothing happens, and how soon it is there, beside the bare application."""

import time
from dataclasses import asdict
from typing import Any

from tests.load.installation import Installation, StartTimes, pss_bytes
from tests.load.servers import bare_application


def measure(installation: Installation, *, quick: bool) -> dict[str, Any]:
    """Bring the installation up for the first and the second time; it stays up."""
    bare_first, first = _bare_start(), installation.up()
    with bare_application() as (_, pid):
        found = installation.at_rest(patience_seconds=2 if quick else 5)
        bare_pss = pss_bytes(pid)
    installation.down()
    bare_second, second = _bare_start(), installation.up()
    total = sum(process.pss_bytes for process in found)
    return {
        "processes": [asdict(process) for process in found],
        "bare_pss_bytes": bare_pss,
        "total_pss_bytes": total,
        "ratio": total / bare_pss,
        "start": {"first": _start(first, bare_first), "second": _start(second, bare_second)},
    }


def _start(times: StartTimes, bare: float) -> dict[str, float]:
    return {**asdict(times), "bare_answers": bare, "ratio": times.api_answers / bare}


def _bare_start() -> float:
    begun = time.perf_counter()
    with bare_application():
        return time.perf_counter() - begun
