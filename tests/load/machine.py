"""What the figures were taken on, without anything that names the machine or its folders."""

import os
import platform
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

# The names without a prefix are the original system's; the settings accept them as well.
_OTHER_SETTINGS = frozenset(
    {
        *("REDIS_URL", "MLFLOW_TRACKING_URI", "API_TOKENS", "UPLOAD_ROOT", "LOG_ROOT", "ARTIFACT_ROOT"),
        *("MAX_SUBMISSIONS_PER_HOUR", "MAX_CONCURRENT_RUNNING"),
    }
)
_BLOCK = os.urandom(4096)


def described() -> dict[str, Any]:
    """Return the processor, cores, memory, system and Python."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
    }


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def busy_share(seconds: float = 1.0) -> float:
    """Return how much of the processors others took just now, from 0 to 1."""
    return psutil.cpu_percent(seconds) / 100


def forget_settings() -> None:
    """Take the operator's own settings out of this process: what is measured is the default installation."""
    for name in list(os.environ):
        if name.upper().startswith("LEADERSBOARD_") or name.upper() in _OTHER_SETTINGS:
            del os.environ[name]


def commit_milliseconds(folder: Path, times: int = 50) -> float:
    """Return the median time to append 4 KiB to a file in `folder` and have it on the disk: the least a commit costs."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(times):
            begun = time.perf_counter()
            file.write(_BLOCK)
            file.flush()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
