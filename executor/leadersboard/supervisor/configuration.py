"""The configuration file of supervisord."""

import os
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

from leadersboard.settings import Settings
from leadersboard.supervisor.errors import UnusableTokens
from leadersboard.supervisor.programs import Program

LOG_BYTES = 5 * 1024 * 1024
_LOG_BACKUPS = 3
# A part that cannot start is tried again after 1, 2, 3, ... seconds: for five minutes, until an operator looks.
_START_RETRIES = 25


def control_socket(settings: Settings) -> Path:
    """Where supervisord listens for commands."""
    return settings.run_root / "supervisor.sock"


def service_log(settings: Settings, part: str) -> Path:
    """Where what `part` prints is kept."""
    return settings.home_path / "service-logs" / f"{part}.log"


def write(settings: Settings, parts: Iterable[Program]) -> Path:
    """Write the configuration, readable by this user alone since it holds tokens, and return its path."""
    text = render(settings, parts)
    path = settings.run_root / "supervisord.conf"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return path


def render(settings: Settings, parts: Iterable[Program]) -> str:
    """Return the configuration for `parts`.

    Raises:
        UnusableTokens: an environment value cannot be written in this format.
    """
    sections = [
        (
            "supervisord",
            {
                "nodaemon": "true",
                "silent": "true",
                "logfile": _literal(service_log(settings, "supervisord")),
                "logfile_maxbytes": str(LOG_BYTES),
                "logfile_backups": str(_LOG_BACKUPS),
                "pidfile": _literal(settings.run_root / "supervisord.pid"),
                "childlogdir": _literal(settings.home_path / "service-logs"),
                "identifier": "leadersboard",
                # Said so that it does not warn; it never changes to another user.
                **({"user": "root"} if os.getuid() == 0 else {}),
            },
        ),
        ("unix_http_server", {"file": _literal(control_socket(settings)), "chmod": "0700"}),
        (
            "rpcinterface:supervisor",
            {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
        *((f"program:{part.name}", _program(settings, part)) for part in parts),
    ]
    return "\n".join(_section(name, entries) for name, entries in sections)


def _program(settings: Settings, part: Program) -> dict[str, str]:
    entries = {
        "command": _literal(shlex.join(part.command)),
        "priority": str(part.priority),
        "autostart": "true" if part.at_once else "false",
        "autorestart": "true",
        "startsecs": "2",
        "startretries": str(_START_RETRIES),
        "stopwaitsecs": str(part.stop_seconds),
        # Parts have children of their own; none may outlive its part.
        "stopasgroup": "true" if part.as_group else "false",
        "killasgroup": "true",
        "redirect_stderr": "true",
        # supervisord reads expressions in this one twice.
        "stdout_logfile": _literal(_literal(service_log(settings, part.name))),
        "stdout_logfile_maxbytes": str(LOG_BYTES),
        "stdout_logfile_backups": str(_LOG_BACKUPS),
    }
    if part.environment:
        entries["environment"] = ",".join(f"{name}={_value(value)}" for name, value in part.environment.items())
    return entries


def _section(name: str, entries: Mapping[str, str]) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in entries.items()), ""])


def _literal(value: object) -> str:
    """Keep supervisord from reading '%' as the beginning of an expression."""
    return str(value).replace("%", "%%")


def _value(value: str) -> str:
    # The format knows quotation marks, but no way to write one inside them.
    if any(character in value for character in "'\"\n\r"):
        raise UnusableTokens(problem="a token holds a quotation mark or a line break")
    return f'"{_literal(value)}"'
