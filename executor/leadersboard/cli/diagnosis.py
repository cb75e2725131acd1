"""What an installation needs, looked at one after the other."""

import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packaging.requirements import Requirement

import leadersboard
from leadersboard.adapters.sandbox import NoSandbox, choose
from leadersboard.client import Client, PlatformUnreachable, Refused
from leadersboard.datasets import find
from leadersboard.domain.resources import MIB
from leadersboard.domain.sandbox import Sandbox
from leadersboard.settings import Settings
from leadersboard.supervisor import preflight
from leadersboard.supervisor.baselines import DEMONSTRATION
from leadersboard.supervisor.errors import FolderNotWritable, UnsafeFolder
from leadersboard.supervisor.platform import Platform
from leadersboard.supervisor.programs import redis_server

_EXTRAS = ("", "api", "worker", "anomaly", "local")
_PYTHON = (3, 11)
_IMPORT_SECONDS = 180
# Of what the API checks; jobs are caught up with when the others are back.
_NEEDED = frozenset({"database", "storage"})


class Severity(StrEnum):
    """`missing` is needed and not there; `warn` can be lived with."""

    OK = "ok"
    WARN = "warn"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found; `remedy` is the key of the sentence that says what to do."""

    severity: Severity
    subject: str
    detail: str
    remedy: str = ""


def all_findings(settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say, cheap things first."""
    yield python()
    yield from packages()
    yield home(settings)
    yield space(settings)
    yield redis(settings)
    yield sandbox(settings)
    yield dataset(settings)
    yield from platform(settings)
    yield torch()
    yield gpu()


def python() -> Finding:
    """Find the interpreter."""
    version = ".".join(str(number) for number in sys.version_info[:3])
    right = sys.version_info[:2] == _PYTHON
    return Finding(Severity.OK, "python", version) if right else Finding(Severity.MISSING, "python", version, "use_311")


def packages() -> Iterator[Finding]:
    """Compare the installed packages with what the distribution asks for and, in a checkout, with the lock."""
    wrong = [text for text in map(_unmet, _requirements()) if text]
    if wrong:
        yield Finding(Severity.MISSING, "packages", ", ".join(wrong), "reinstall")
        return
    different = list(_differing_from_lock())
    if different:
        yield Finding(Severity.WARN, "packages", f"not as locked: {', '.join(different)}", "reinstall")
    else:
        yield Finding(Severity.OK, "packages", "as asked for")


def home(settings: Settings) -> Finding:
    """See whether `home` can be written to."""
    try:
        preflight.prepare_folders(settings)
    except (FolderNotWritable, UnsafeFolder) as problem:
        return Finding(Severity.MISSING, "home", str(problem), "other_home")
    return Finding(Severity.OK, "home", str(settings.home_path))


def space(settings: Settings) -> Finding:
    """See whether there is room for submissions."""
    folder = next(path for path in (settings.home_path, *settings.home_path.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    detail = f"{free // MIB:,} MiB free"
    if free < settings.min_free_bytes:
        return Finding(Severity.MISSING, "disk", detail, "make_room")
    return Finding(Severity.OK, "disk", detail)


def redis(settings: Settings) -> Finding:
    """See whether there is a Redis server to start, or one that is named."""
    if not preflight.starts_redis(settings):
        return Finding(Severity.OK, "redis", "REDIS_URL")
    binary = redis_server()
    if binary is None:
        return Finding(Severity.MISSING, "redis", "no server", "install_local")
    return Finding(Severity.OK, "redis", str(binary))


def sandbox(settings: Settings) -> Finding:
    """Start a process in the sandbox: that its program is there does not mean that the kernel lets it."""
    try:
        choice = choose(settings.sandbox, settings.readable_folders, settings.containers)
    except NoSandbox as problem:
        detail = str(problem.facts["problem"])
        return Finding(Severity.MISSING, "sandbox", detail, _remedy_for_walls(settings.sandbox, detail))
    if choice.sandbox is Sandbox.NONE:
        return Finding(Severity.WARN, "sandbox", choice.detail, "say_sandbox")
    return Finding(Severity.OK, "sandbox", choice.detail)


def _remedy_for_walls(wanted: Sandbox, problem: str) -> str:
    if wanted is Sandbox.CONTAINER:
        return "allow_docker"
    if shutil.which("bwrap") is None:
        return "install_bwrap"
    # What bubblewrap says of a folder that is closed to whoever starts it.
    return "open_folder" if "source path" in problem else "allow_namespaces"


def dataset(settings: Settings) -> Finding:
    """See whether the demonstration benchmark has its data."""
    if find(settings.data, DEMONSTRATION) is None:
        return Finding(Severity.WARN, "dataset", f"{DEMONSTRATION} is not prepared", "generate_data")
    return Finding(Severity.OK, "dataset", DEMONSTRATION)


def platform(settings: Settings) -> Iterator[Finding]:
    """Ask the parts if they are up; else see whether they could be."""
    local = Platform(settings)
    if not local.parts():
        yield Finding(Severity.WARN, "platform", "not up", "bring_up")
        yield _port(settings.api_host, settings.api_port, "port api")
        if preflight.starts_mlflow(settings):
            yield _port("127.0.0.1", settings.mlflow_port, "port mlflow")
        return
    try:
        with Client(local.addresses().api) as client:
            checks = client.readiness()["checks"]
    except (PlatformUnreachable, Refused) as problem:
        yield Finding(Severity.MISSING, "api", str(problem), "see_logs")
        return
    for name, state in checks.items():
        if state == "ok":
            yield Finding(Severity.OK, name, state)
        else:
            severity = Severity.MISSING if name in _NEEDED else Severity.WARN
            yield Finding(severity, name, state, "see_logs")


def torch() -> Finding:
    """Import torch and torchvision together: a pair that does not match fails only there."""
    program = "import torch, torchvision; print(torch.__version__, torchvision.__version__)"
    done = _python(program)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["-"]
        return Finding(Severity.MISSING, "torch", said[-1], "reinstall")
    return Finding(Severity.OK, "torch", done.stdout.strip())


def gpu() -> Finding:
    """See whether there are GPUs, and whether torch can use them."""
    program = shutil.which("nvidia-smi")
    names = subprocess.run([program, "-L"], capture_output=True, text=True, check=False).stdout if program else ""
    if not names.strip():
        return Finding(Severity.WARN, "gpu", "none", "no_gpu")
    counted = _python("import torch; print(torch.cuda.device_count())").stdout.strip()
    if counted in ("", "0"):
        return Finding(Severity.MISSING, "gpu", names.strip().splitlines()[0], "update_driver")
    return Finding(Severity.OK, "gpu", counted)


def _python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=_IMPORT_SECONDS
    )


def _port(host: str, port: int, subject: str) -> Finding:
    if preflight.port_is_free(host, port):
        return Finding(Severity.OK, subject, f"{port} is free")
    return Finding(Severity.MISSING, subject, f"{port} is in use", "free_port")


def _requirements() -> Iterator[Requirement]:
    try:
        stated = importlib.metadata.requires("leadersboard") or []
    except importlib.metadata.PackageNotFoundError:
        return
    for requirement in map(Requirement, stated):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in _EXTRAS):
            yield requirement


def _unmet(requirement: Requirement) -> str | None:
    if requirement.name == "leadersboard":
        return None
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return f"{requirement.name} is not installed"
    if requirement.specifier.contains(version, prereleases=True):
        return None
    return f"{requirement.name} {version} is not {requirement.specifier}"


def _differing_from_lock() -> Iterator[str]:
    lock = Path(leadersboard.__file__).parents[2] / "requirements" / "runtime.lock"
    if not lock.is_file():
        return
    for line in lock.read_text(encoding="utf-8").splitlines():
        name, equals, version = line.removesuffix("\\").strip().partition("==")
        if not equals or name.startswith("#"):
            continue
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield f"{name} is not installed"
            continue
        if installed.partition("+")[0] != version.partition("+")[0]:
            yield f"{name} {installed}, locked {version}"
