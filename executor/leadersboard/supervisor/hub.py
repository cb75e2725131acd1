"""What JupyterHub is started with, and what the API is told of it."""

import sys

from leadersboard.settings import Settings
from leadersboard.shipped import shipped
from leadersboard.supervisor.identity import secret, secret_file

_SERVICE, _MLFLOW, _DASHBOARDS = "hub-service-token", "hub-mlflow-token", "hub-dashboards-token"
_PASSWORD, _OPERATOR_PASSWORD = "demo-password", "demo-operator-password"
# What a person can type; the demonstration listens on this machine alone.
_PASSWORD_BYTES = 12


def command() -> tuple[str, ...]:
    return (sys.executable, "-m", "jupyterhub", "-f", str(shipped("hub") / "jupyterhub_config.py"))


def environment(settings: Settings) -> dict[str, str]:
    """Return what the hub's configuration reads, beside what the operator has set of it."""
    return {
        "LEADERSBOARD_HUB_HOME": str(settings.home_path / "hub"),
        "LEADERSBOARD_HUB_HOST": settings.hub_host,
        "LEADERSBOARD_HUB_PORT": str(settings.hub_port),
        "LEADERSBOARD_HUB_INTERNAL_PORT": str(settings.hub_internal_port),
        "LEADERSBOARD_HUB_AUTHENTICATOR": settings.hub_authenticator,
        "LEADERSBOARD_HUB_PROXY_PORT": str(settings.hub_proxy_port),
        "LEADERSBOARD_HUB_API_URL": f"http://127.0.0.1:{settings.api_port}",
        "LEADERSBOARD_HUB_DASHBOARDS_URL": f"http://127.0.0.1:{settings.dashboards_port}",
        "LEADERSBOARD_HUB_GUIDES": str(shipped("notebooks") / "guides"),
        "LEADERSBOARD_HUB_ORGANISERS": settings.organisers,
        "LEADERSBOARD_HUB_SERVICE_TOKEN": secret(settings, _SERVICE),
        "LEADERSBOARD_HUB_MLFLOW_TOKEN": secret(settings, _MLFLOW),
        "LEADERSBOARD_HUB_DASHBOARDS_TOKEN": secret(settings, _DASHBOARDS),
        "LEADERSBOARD_HUB_DEMO_PASSWORD": secret(settings, _PASSWORD, _PASSWORD_BYTES),
        "LEADERSBOARD_HUB_DEMO_OPERATOR_PASSWORD": secret(settings, _OPERATOR_PASSWORD, 2 * _PASSWORD_BYTES),
    }


def command_of_the_dashboards() -> tuple[str, ...]:
    return (sys.executable, "-m", "leadersboard_dashboards")


def environment_of_the_dashboards(settings: Settings) -> dict[str, str]:
    """Return what the dashboards have to know, and where their notebooks and their page's template are found."""
    folder = shipped("dashboards")
    return {
        "PYTHONPATH": str(folder),
        "JUPYTER_PATH": str(folder / "jupyter"),
        "LEADERSBOARD_DASHBOARDS_HOME": str(settings.home_path / "dashboards"),
        "LEADERSBOARD_DASHBOARDS_PORT": str(settings.dashboards_port),
        "LEADERSBOARD_DASHBOARDS_API_URL": f"http://127.0.0.1:{settings.api_port}",
        "LEADERSBOARD_DASHBOARDS_HUB_API_URL": f"http://127.0.0.1:{settings.hub_internal_port}/hub/api",
        "LEADERSBOARD_DASHBOARDS_HUB_TOKEN": secret(settings, _DASHBOARDS),
        "LEADERSBOARD_DASHBOARDS_DEFAULT_BENCHMARK": settings.default_benchmark,
    }


def environment_of_the_api(settings: Settings) -> dict[str, str]:
    """Return what the API has to know so that the hub's users can come in."""
    public = public_url(settings)
    return {
        "LEADERSBOARD_HUB_API_URL": f"http://127.0.0.1:{settings.hub_internal_port}/hub/api",
        "LEADERSBOARD_HUB_SERVICE_TOKEN": secret(settings, _SERVICE),
        "LEADERSBOARD_HUB_MLFLOW_TOKEN": secret(settings, _MLFLOW),
        "LEADERSBOARD_HUB_PUBLIC_URL": public,
        "LEADERSBOARD_SESSION_SECRET": secret(settings, "session-secret"),
        "LEADERSBOARD_MLFLOW_PUBLIC_URL": settings.mlflow_public_url or f"{public}/services/mlflow",
    }


def public_url(settings: Settings) -> str:
    """Return the address that browsers find the hub at."""
    return settings.hub_public_url or f"http://{settings.hub_host}:{settings.hub_port}"


def passwords_are_new(settings: Settings) -> bool:
    """Return whether nobody has been told the passwords of the demonstration yet."""
    return not secret_file(settings, _PASSWORD).exists()


def passwords(settings: Settings) -> tuple[str, str]:
    """Return the demonstration's passwords: of participants, and of the operator."""
    return secret(settings, _PASSWORD, _PASSWORD_BYTES), secret(settings, _OPERATOR_PASSWORD, 2 * _PASSWORD_BYTES)
