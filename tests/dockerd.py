"""A Docker of the tests' own, beside whatever runs on the machine."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
_START_SECONDS = 60
_LOOK_SECONDS = 0.05
# The first is what people have; the second works where the first does not, as on top of another overlay.
_STORAGE = ("overlay2", "vfs")


@contextmanager
def running_docker() -> Iterator[str]:
    """Run a Docker whose files, sockets and mounts are its own; yield its address. Skips where that cannot be had."""
    missing = [name for name in ("dockerd", "docker", "unshare") if shutil.which(name, path=_PATH) is None]
    if missing:
        pytest.skip(f"{missing[0]} is not installed here (Debian, Ubuntu: sudo apt-get install docker.io)")
    if os.getuid() != 0:
        pytest.skip("only root can start a Docker of the tests' own")
    folder = Path(tempfile.mkdtemp(prefix="lbd"))
    process = None
    try:
        process = _first_that_starts(folder)
        yield _address(folder)
    finally:
        if process is not None:
            process.terminate()
            process.wait(_START_SECONDS)
        shutil.rmtree(folder)


def _address(folder: Path) -> str:
    return f"unix://{folder}/d.sock"


def _first_that_starts(folder: Path) -> "subprocess.Popen[bytes]":
    for storage in _STORAGE:
        process = _start(folder, storage)
        if process is not None:
            return process
    said = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    pytest.skip(f"dockerd does not start here: {said[-1] if said else 'it says nothing'}")


def _start(folder: Path, storage: str) -> "subprocess.Popen[bytes] | None":
    # Its mounts are not to be seen by those who count them before and after an attack.
    command = ["unshare", "--mount", "--propagation", "private", "dockerd", "--storage-driver", storage]
    command += ["--data-root", f"{folder}/{storage}", "--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/pid"]
    command += ["--host", _address(folder), "--bridge", "none", "--iptables=false"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, "PATH": _PATH}, stdout=log, stderr=log)
    give_up = time.monotonic() + _START_SECONDS
    while not _answers(folder):
        assert time.monotonic() < give_up, (folder / "log").read_text(encoding="utf-8", errors="replace")
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_SECONDS)
            return None
    return process


def _answers(folder: Path) -> bool:
    asked = ["docker", "--host", _address(folder), "info"]
    return subprocess.run(asked, capture_output=True, check=False, env={**os.environ, "PATH": _PATH}).returncode == 0
