"""Users of JupyterHub, over its API, with the hub's own library for services."""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError

from leadersboard.domain.roles import ORGANISERS_GROUP, Role
from leadersboard.ports.identities import IdentitiesUnavailable, Identity, LoginStart

# A token that was taken back is still good for so long.
_REMEMBERED_SECONDS = 10


class HubIdentities:
    """The `Identities` port for the hub's service `name`, which it serves at /services/NAME/.

    `api_url` is the hub's own API, `api_token` the one that the hub knows the service by.
    """

    def __init__(self, name: str, api_url: str, api_token: str) -> None:
        prefix = f"/services/{name}/"
        self._hub = HubOAuth(
            api_url=api_url,
            api_token=api_token,
            base_url=prefix,
            cache_max_age=_REMEMBERED_SECONDS,
            oauth_client_id=f"service-{name}",
            oauth_redirect_uri=f"{prefix}oauth_callback",
            access_scopes={f"access:services!service={name}"},
        )

    async def of_token(self, token: str) -> Identity | None:
        try:
            model = await self._hub.user_for_token(token, sync=False)
        except HTTPError as problem:
            raise IdentitiesUnavailable(problem.log_message) from problem
        # A service has a token too, but is nobody who could submit.
        if model is None or model.get("kind") != "user":
            return None
        if not self._hub.check_scopes(self._hub.access_scopes, model):
            return None
        return Identity(model["name"], _role(model))

    def start_login(self) -> LoginStart:
        verifier, challenge, method = self._hub.generate_pkce_code_challenge()
        state = secrets.token_urlsafe(24)
        asked = {"state": state, "code_challenge": challenge, "code_challenge_method": method}
        return LoginStart(f"{self._hub.login_url}&{urlencode(asked)}", state, verifier)

    async def token_for(self, code: str, verifier: str) -> str:
        try:
            return str(await self._hub.token_for_code(code, code_verifier=verifier, sync=False))
        except HTTPError as problem:
            raise IdentitiesUnavailable(problem.log_message) from problem


def _role(model: Mapping[str, Any]) -> Role:
    if model.get("admin"):
        return Role.OPERATOR
    return Role.ORGANISER if ORGANISERS_GROUP in model.get("groups", ()) else Role.PARTICIPANT
