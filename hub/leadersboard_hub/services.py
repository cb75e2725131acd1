"""What lies behind the hub at /services/: the API, MLflow to read, the dashboards; and who ends idle servers."""

import sys
from typing import Any

from leadersboard_hub.access import API, CULLER, DASHBOARDS, MLFLOW
from leadersboard_hub.settings import HubSettings

# The hub waits for each service in turn before it lets anybody in. The API is there before the hub is started.
_WAIT_SECONDS = 5


def configure(c: Any, settings: HubSettings) -> None:
    c.JupyterHub.services = [*_behind(settings), _culler(settings)]


def _behind(settings: HubSettings) -> list[dict[str, Any]]:
    # The API's process also shows MLflow: read-only, to whoever is logged in.
    known = [
        (API, settings.api_url, settings.service_token, False),
        (MLFLOW, settings.api_url, settings.mlflow_token, True),
        (DASHBOARDS, settings.dashboards_url, settings.dashboards_token, True),
    ]
    return [
        {
            "name": name,
            "url": url,
            "api_token": token,
            "oauth_no_confirm": True,
            "display": shown,
            "timeout": _WAIT_SECONDS,
            # The dashboards ask the API in the name of whoever looks.
            **({"oauth_client_allowed_scopes": [f"access:services!service={API}"]} if name == DASHBOARDS else {}),
        }
        for name, url, token, shown in known
        if url and token
    ]


def _culler(settings: HubSettings) -> dict[str, Any]:
    # Of servers only. Jobs live in the workers, where nothing of the hub reaches them.
    command = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={settings.idle_seconds}"]
    return {"name": CULLER, "command": command}
