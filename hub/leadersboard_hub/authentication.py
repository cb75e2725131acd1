"""Who may log in, and how they show who they are."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from leadersboard_hub.settings import DEMO, NATIVE, HubSettings, names


def configure(c: Any, settings: HubSettings) -> None:
    c.Authenticator.admin_users = settings.operator_names
    allowed = names(settings.allowed_users)
    if settings.authenticator == DEMO:
        _demonstration(c, settings)
        return
    c.JupyterHub.authenticator_class = settings.authenticator
    c.Authenticator.allow_all = "*" in allowed
    c.Authenticator.allowed_users = allowed - {"*"}
    if settings.authenticator == NATIVE:
        _native(c)


def _demonstration(c: Any, settings: HubSettings) -> None:
    """Any name with the one password: for trying things out on one's own machine, and nowhere else."""
    c.JupyterHub.authenticator_class = "shared-password"
    c.SharedPasswordAuthenticator.user_password = settings.demo_password
    c.SharedPasswordAuthenticator.admin_password = settings.demo_operator_password
    c.Authenticator.allow_all = True


def _native(c: Any) -> None:
    """Users sign up by themselves, and an operator lets them in at /hub/authorize."""
    package = find_spec("nativeauthenticator")
    if package is not None and package.origin is not None:
        c.JupyterHub.template_paths = [str(Path(package.origin).parent / "templates")]
    c.NativeAuthenticator.check_common_password = True
    c.NativeAuthenticator.minimum_password_length = 10
    c.NativeAuthenticator.allowed_failed_logins = 5
    c.NativeAuthenticator.seconds_before_next_try = 600
