"""What users, their servers and the platform's services may do at the hub. docs/reference/hub.md has the table."""

from typing import Any

from leadersboard_hub.settings import HubSettings, names

API, MLFLOW, DASHBOARDS = "leadersboard", "mlflow", "dashboards"
ORGANISERS = "organisers"
CULLER = "idle-culler"


def configure(c: Any, settings: HubSettings) -> None:
    to_services = [f"access:services!service={name}" for name in (API, MLFLOW, DASHBOARDS)]
    c.JupyterHub.load_roles = [
        {"name": "user", "scopes": ["self", *to_services]},
        # What a single-user server may do in its user's name: submit, and nothing else at the hub.
        {
            "name": "server",
            "scopes": ["users:activity!user", "access:servers!server", f"access:services!service={API}"],
        },
        {
            "name": CULLER,
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
            "services": [CULLER],
        },
    ]
    c.JupyterHub.load_groups = {ORGANISERS: {"users": sorted(names(settings.organisers))}}
