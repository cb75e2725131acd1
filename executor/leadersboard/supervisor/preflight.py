"""What is looked at before anything is started, so that an operator reads one sentence instead of a log."""

import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path

from leadersboard.adapters.sandbox import choose
from leadersboard.domain.resources import MIB
from leadersboard.domain.tokens import parse_tokens
from leadersboard.exposure import check_exposure, check_hub_exposure
from leadersboard.settings import Settings
from leadersboard.supervisor.errors import DiskFull, FolderNotWritable, PortBusy, UnsafeFolder, UnusableTokens


def check(settings: Settings) -> None:
    """Look at everything that must hold before the parts are started.

    Raises:
        DefaultTokenExposed, DemonstrationExposed, UnusableTokens, FolderNotWritable, UnsafeFolder, DiskFull, NoSandbox,
        PortBusy
    """
    check_tokens(settings)
    check_exposure(settings)
    prepare_folders(settings)
    check_space(settings)
    choose(settings.sandbox, settings.readable_folders, settings.containers)
    check_port(settings.api_host, settings.api_port, "the API", "LEADERSBOARD_API_PORT (or use --port)")
    if starts_mlflow(settings):
        check_port("127.0.0.1", settings.mlflow_port, "MLflow", "LEADERSBOARD_MLFLOW_PORT")
    if settings.hub:
        check_hub_exposure(settings)
        check_hub_ports(settings)


def check_hub_ports(settings: Settings) -> None:
    """See that the hub can listen.

    Raises:
        PortBusy
    """
    check_port(settings.hub_host, settings.hub_port, "JupyterHub", "LEADERSBOARD_HUB_PORT")
    check_port("127.0.0.1", settings.hub_internal_port, "JupyterHub's API", "LEADERSBOARD_HUB_INTERNAL_PORT")
    check_port("127.0.0.1", settings.hub_proxy_port, "JupyterHub's proxy", "LEADERSBOARD_HUB_PROXY_PORT")
    check_port("127.0.0.1", settings.dashboards_port, "dashboards", "LEADERSBOARD_DASHBOARDS_PORT")


def check_tokens(settings: Settings) -> None:
    """See whether the API will understand its tokens.

    Raises:
        UnusableTokens
    """
    try:
        parse_tokens(settings.api_tokens)
    except ValueError as problem:
        raise UnusableTokens(problem=str(problem).removeprefix("API_TOKENS: ")) from problem


def starts_mlflow(settings: Settings) -> bool:
    """Return whether MLflow is ours to start: nobody has named another."""
    return "mlflow_tracking_uri" not in settings.model_fields_set


def starts_redis(settings: Settings) -> bool:
    return not settings.redis_url


def prepare_folders(settings: Settings) -> None:
    """Make `home` and the folder of sockets, the latter for this user alone.

    Raises:
        FolderNotWritable, UnsafeFolder
    """
    _check_writable(settings.home_path, "LEADERSBOARD_HOME")
    run_root = settings.run_root
    try:
        run_root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise FolderNotWritable(
            path=run_root, problem=problem.strerror or problem, setting="LEADERSBOARD_HOME"
        ) from problem
    # The folder may lie in a place that everybody can write to, where a stranger could have made it first.
    found = run_root.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise UnsafeFolder(path=run_root)
    run_root.chmod(0o700)


def _check_writable(folder: Path, setting: str) -> None:
    try:
        # It holds hidden labels, tokens and other people's work.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"probe")
    except OSError as problem:
        raise FolderNotWritable(path=folder, problem=problem.strerror or problem, setting=setting) from problem


def check_space(settings: Settings) -> None:
    """Refuse to start where submissions would be refused at once for want of space.

    Raises:
        DiskFull
    """
    free = shutil.disk_usage(settings.home_path).free
    if free < settings.min_free_bytes:
        raise DiskFull(path=settings.home_path, free_mib=free // MIB, needed_mib=-(-settings.min_free_bytes // MIB))


def check_port(host: str, port: int, part: str, setting: str) -> None:
    """Bind `port` and let go of it again.

    Raises:
        PortBusy
    """
    if not port_is_free(host, port):
        raise PortBusy(port=port, host=host, part=part, setting=setting)


def port_is_free(host: str, port: int) -> bool:
    """Return whether a server could listen on `port` of `host` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: connections that have just ended do not keep a port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return False
        return True
