"""What each part of `leadersboard up` holds at rest, and how long it takes to come up."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from tests.conftest import free_port

_REST_SECONDS = 20


def run(folder: Path) -> dict[str, Any]:
    """Bring the platform up twice; memory is the proportional set size in MiB, times are in seconds."""
    environment = {
        **os.environ,
        "LEADERSBOARD_HOME": str(folder),
        "LEADERSBOARD_API_PORT": str(free_port()),
        "LEADERSBOARD_MLFLOW_PORT": str(free_port()),
    }
    found: dict[str, Any] = {}
    try:
        for name in ("first", "second"):
            found[f"{name}_start_s"] = _command(environment, "up", "--detach", "--no-baselines")
            if name == "second":
                time.sleep(_REST_SECONDS)
                found["memory_mib"] = _memory(folder)
            _command(environment, "down")
    finally:
        _command(environment, "down")
    return found


def _command(environment: dict[str, str], *words: str) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "leadersboard.cli.main", *words], env=environment, check=False, capture_output=True
    )
    return time.perf_counter() - begun


def _memory(folder: Path) -> dict[str, float]:
    pid = int((next(folder.rglob("supervisord.pid"))).read_text())
    supervisor = psutil.Process(pid)
    held = {"supervisord": _pss(supervisor)}
    for part in supervisor.children():
        words = " ".join(part.cmdline())
        name = next((one for one in ("redis", "mlflow", "api", "worker") if one in words), "other")
        held[name] = sum(_pss(process) for process in (part, *part.children(recursive=True)))
    return {name: round(value / 2**20, 1) for name, value in held.items()}


def _pss(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss)
