"""The platform on one machine: brought up, looked at, brought down."""

import json
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from leadersboard.client import Client
from leadersboard.settings import Settings
from leadersboard.supervisor import configuration, hub, identity, preflight, processes
from leadersboard.supervisor.control import Control, Part, last_line
from leadersboard.supervisor.errors import PartDidNotStart, PlatformEnded
from leadersboard.supervisor.programs import programs

_LOOK_EVERY_SECONDS = 0.05
# A part that fails may only have been early; one that still fails after this is reported.
_PATIENCE_SECONDS = 6
_START_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a browser finds the parts."""

    api: str
    mlflow: str
    hub: str = ""


class Platform:
    """All parts for one `home`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._control = Control(settings)
        self._process: subprocess.Popen[bytes] | None = None

    def is_up(self) -> bool:
        """Return whether something supervises the parts."""
        if self._process is not None:
            return self._process.poll() is None
        return self._control.pid() is not None

    def start(self) -> None:
        """Start all parts and wait until the API answers; the others follow on their own.

        Raises:
            CannotStart, DefaultTokenExposed
        """
        # Parts whose supervisor was killed still hold ports and files.
        processes.end_all(self._settings.home_path)
        preflight.check(self._settings)
        parts = programs(self._settings, identity.tokens_of_the_api(self._settings))
        self._write_addresses()
        self._process = self._control.start(parts)
        self.wait_for_api()
        for part in sorted(parts, key=lambda part: part.priority, reverse=True):
            if not part.at_once:
                self._control.start_part(part.name)

    def wait_for_api(self) -> None:
        """Wait until the API answers.

        Raises:
            PartDidNotStart, PlatformEnded
        """
        begun = time.monotonic()
        with Client(self.addresses().api) as client:
            while not client.is_alive():
                waited = time.monotonic() - begun
                if not self.is_up():
                    raise PlatformEnded(log=configuration.service_log(self._settings, "supervisord"))
                if waited > _START_SECONDS or (waited > _PATIENCE_SECONDS and self._state_of("api") in _FAILING):
                    raise self._did_not_start("api")
                time.sleep(_LOOK_EVERY_SECONDS)

    def stop(self) -> bool:
        """End everything of this `home`; return whether there was anything."""
        was_up = self._control.stop()
        if self._process is not None:
            self._process.wait()
        with suppress(FileNotFoundError):
            self._addresses_file.unlink()
        return was_up

    def stop_at_once(self) -> None:
        """End everything with force, running jobs included."""
        processes.end_all(self._settings.home_path, grace_seconds=0)
        self.stop()

    def wait(self) -> None:
        """Wait until the platform that this process has started ends."""
        if self._process is not None:
            self._process.wait()

    @property
    def ended_by_itself(self) -> bool:
        """Whether the supervisor that this process started has died rather than been told to end."""
        return self._process is not None and self._process.poll() not in (None, 0)

    def parts(self) -> list[Part]:
        return self._control.parts()

    def addresses(self) -> Addresses:
        """Return where the parts listen: as they were started, or else as they would be."""
        with suppress(FileNotFoundError, ValueError, TypeError):
            return Addresses(**json.loads(self._addresses_file.read_text(encoding="utf-8")))
        return self._would_be()

    def _would_be(self) -> Addresses:
        host = self._settings.api_host
        # Whoever listens on all addresses is reached on this one too.
        host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
        if ":" in host and not host.startswith("["):
            host = f"[{host}]"
        mlflow = self._settings.mlflow_public_url or self._settings.mlflow_tracking_uri
        lab = hub.public_url(self._settings) if self._settings.hub else ""
        return Addresses(f"http://{host}:{self._settings.api_port}", mlflow, lab)

    def _write_addresses(self) -> None:
        self._addresses_file.write_text(json.dumps(asdict(self._would_be())), encoding="utf-8")

    @property
    def _addresses_file(self) -> Path:
        return self._settings.run_root / "addresses.json"

    def _state_of(self, name: str) -> str | None:
        return next((part.state for part in self.parts() if part.name == name), None)

    def _did_not_start(self, name: str) -> PartDidNotStart:
        log = configuration.service_log(self._settings, name)
        return PartDidNotStart(part=name, said=last_line(self._settings, name), log=log)


_FAILING = frozenset({"backoff", "fatal", "exited"})
