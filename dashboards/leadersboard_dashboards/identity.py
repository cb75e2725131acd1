"""Who looks: users of the hub, by its own login."""

from typing import Any

from jupyter_server.auth import Authorizer
from jupyter_server.base.handlers import JupyterHandler
from jupyterhub.services.auth import HubOAuth
from jupyterhub.singleuser.extension import JupyterHubIdentityProvider
from traitlets import default

from leadersboard_dashboards.addresses import PREFIX, SERVICE
from leadersboard_dashboards.settings import DashboardSettings


class HubProvider(JupyterHubIdentityProvider):
    """The hub's login for the service at /services/dashboards/. Its `parent` has the settings."""

    def __init__(self, **kwargs: Any) -> None:
        # Voilà has a login page and a token of its own; neither is used.
        for name in ("token", "login_handler_class"):
            kwargs.pop(name, None)
        super().__init__(**kwargs)

    @default("hub_auth")
    def _hub(self) -> HubOAuth:
        app: Any = self.parent
        settings: DashboardSettings = app.settings_of_dashboards
        return HubOAuth(
            parent=self,
            api_url=settings.hub_api_url,
            api_token=settings.hub_token,
            base_url=PREFIX,
            oauth_client_id=f"service-{SERVICE}",
            oauth_redirect_uri=f"{PREFIX}oauth_callback",
            access_scopes={f"access:services!service={SERVICE}"},
        )

    def get_handlers(self) -> list[tuple[Any, ...]]:
        return [(PREFIX.rstrip("/") + handler[0], *handler[1:]) for handler in super().get_handlers()]


def token_of(handler: JupyterHandler) -> str:
    """Return the token that the viewer's login has left with us; the API knows the viewer by it."""
    provider: Any = handler.identity_provider
    return str(provider.hub_auth.get_token(handler) or "")


class Viewers(Authorizer):
    """Whoever the hub lets in may look; what they see of it is the API's to say."""

    def is_authorized(self, handler: JupyterHandler, user: Any, action: str, resource: str) -> bool:
        return user is not None
