"""What an attack must leave as it was, and what the attacker is told of it."""

import hashlib
import json
import platform
import socket
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from PIL import Image

import leadersboard
from leadersboard.domain.sandbox import Sandbox
from tests.integration.conftest import wait_until
from tests.integration.worker.conftest import Stack

BENCHMARKS = Path(__file__).parent / "benchmarks"
IMAGES = {"a_0000": 0, "a_0001": 0, "a_0002": 1, "a_0003": 1}
SIZE = (6, 8)
CODE = Path(leadersboard.__file__).parent
ATTACKED_CODE = CODE / "__init__.py"
_VERSION = "0123456789abcdef"
HONEST = """
with open(output_dir + "/predictions.csv", "w") as file:
    file.write("image_id,anomaly_score\\na_0000,0.1\\na_0001,0.9\\na_0002,0.9\\na_0003,0.2\\n")
"""


def write_guarded_dataset(data_root: Path, canary: str) -> None:
    """Prepare the data of the benchmark; the labels hold `canary`, so that they are known wherever they turn up."""
    folder = data_root / "guarded" / _VERSION
    (folder / "public").mkdir(parents=True)
    (folder / "hidden" / "masks").mkdir(parents=True)
    for image_id in IMAGES:
        Image.new("RGB", SIZE[::-1]).save(folder / "public" / f"{image_id}.png")
        Image.new("L", SIZE[::-1]).save(folder / "hidden" / "masks" / f"{image_id}.png")
    shown = [f"{image_id},a,{image_id}.png" for image_id in IMAGES]
    (folder / "public" / "test.csv").write_text("\n".join(["image_id,category,path", *shown, ""]))
    kept = [f"{image_id},a,{label},{canary}" for image_id, label in IMAGES.items()]
    (folder / "hidden" / "labels.csv").write_text("\n".join(["image_id,category,label,defect", *kept, ""]))
    about = {"name": "guarded", "version": _VERSION, "digest": _VERSION * 4, "counts": {}}
    (folder / "dataset.json").write_text(json.dumps(about))
    (data_root / "guarded" / "current").write_text(_VERSION)


@dataclass
class World:
    """A platform with a victim on it: a job that is done and ranked."""

    stack: Stack
    canary: str
    sandbox: Sandbox
    victim: str = ""

    @property
    def hidden(self) -> Path:
        return self.stack.settings.data / "guarded" / _VERSION / "hidden"

    @property
    def worker(self) -> psutil.Process:
        return psutil.Process(self.stack.workers[0].process.pid)

    def told(self, entrypoint: str, listening: tuple[int, str]) -> str:
        """Return what the attacker is told, as JSON; `listening` are a port and an abstract socket of the test."""
        settings = self.stack.settings
        addresses = [
            one.address
            for each in psutil.net_if_addrs().values()
            for one in each
            if one.family == socket.AF_INET and not one.address.startswith("127.")
        ]
        return json.dumps(
            {
                # Backwards, so that what finds it is not the attack itself.
                "canary": self.canary[::-1],
                "labels": str(self.hidden / "labels.csv"),
                "public": str(self.hidden.with_name("public")),
                "home": str(settings.home_path),
                "artifacts": settings.artifacts,
                "submissions": settings.uploads,
                "logs": settings.logs,
                "scratch": str(settings.scratch),
                "run_root": str(settings.run_root),
                "weights": str(settings.weights),
                "database": str(settings.home_path / "leadersboard.db"),
                "code": str(ATTACKED_CODE),
                "scoring": str(BENCHMARKS / "guarded" / "score.ipynb"),
                "site_packages": str(Path(psutil.__file__).parents[1]),
                "entrypoint": entrypoint,
                "worker": self.worker.pid,
                "secrets": ["must not be seen", "alice:secret"],
                "redis": str(self.stack.redis.socket),
                "mlflow": self.stack.mlflow.url,
                "api": str(self.stack.client.base_url),
                "hostname": platform.node(),
                "address": addresses[0] if addresses else "127.0.0.1",
                "port": listening[0],
                "abstract": listening[1],
            }
        )

    def state(self) -> dict[str, Any]:
        """Return all that no attack may change."""
        settings, client = self.stack.settings, self.stack.client
        job = self.stack.status(self.victim)
        job.pop("score", None)
        board = client.get("/leaderboard/guarded").json()["rows"]
        return {
            "labels": digest(self.hidden),
            "public data": digest(self.hidden.with_name("public")),
            "weights": digest(settings.weights),
            "the victim's submission": digest(Path(settings.uploads) / job["submission_id"]),
            "the victim's outputs": digest(Path(settings.artifacts) / self.victim),
            "the victim's log": self.stack.log(self.victim),
            "the victim's job": {name: job[name] for name in ("status", "attempt", "run_id", "error")},
            "the victim's row": [row["metrics"] for row in board if row["job_id"] == self.victim],
            "runs in MLflow": len(self.stack.mlflow.runs(self.victim)),
            # People may work on the rest meanwhile.
            "the platform's code": (ATTACKED_CODE.read_bytes(), [*CODE.rglob("attack-was-here")]),
            "the interpreter": [entries(Path(path)) for path in (sys.prefix, sys.base_prefix, psutil.__file__)],
            "the worker": (self.worker.create_time(), self.worker.is_running()),
            "its Redis": self.stack.redis.socket.is_socket(),
            "the machine": (platform.node(), Path("/proc/sys/kernel/core_pattern").read_text()),
            "mounts": len(Path("/proc/self/mounts").read_text().splitlines()),
        }

    def nothing_is_left(self, job_id: str) -> None:
        """See that no folder and no process of a job that is over is there."""
        settings = self.stack.settings

        def left() -> list[Path]:
            roots = (settings.scratch, settings.run_root)
            return [path for root in roots for path in root.iterdir() if job_id[:12] in path.name]

        wait_until(lambda: left() == [])
        named = [
            process.pid
            for process in psutil.process_iter(["cmdline"])
            if any(job_id in word for word in process.info["cmdline"] or [])
        ]
        assert named == []


def digest(folder: Path) -> str:
    """Return a digest over names, types and content of everything below `folder`."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if "__pycache__" not in path.parts:
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            found.update(f"{path.relative_to(folder)} {path.lstat().st_mode} {len(content)}\n".encode() + content)
    return found.hexdigest()


def entries(path: Path) -> list[tuple[str, int]]:
    """Return names and times of what lies in the folder `path`, or in that of the file `path`."""
    folder = path if path.is_dir() else path.parents[1]
    return sorted((one.name, one.lstat().st_mtime_ns) for one in folder.iterdir() if one.name != "__pycache__")


@contextmanager
def listening() -> Iterator[tuple[int, str]]:
    """Listen on a port of every address and on an abstract socket, as some program of the machine might."""
    name = f"attacked-{uuid.uuid4().hex}"
    with socket.create_server(("", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(f"\0{name}")
        abstract.listen()
        for server in (tcp, abstract):
            threading.Thread(target=_accept, args=(server,), daemon=True).start()
        yield tcp.getsockname()[1], name


def _accept(server: socket.socket) -> None:
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return
