"""A browser's login: a signed cookie that pages cannot read, with the hub's token in it."""

import hmac
import secrets
from collections.abc import Mapping, MutableMapping
from typing import Any

from fastapi import Request

from leadersboard.domain.errors import ForgedRequest
from leadersboard.ports.identities import LoginStart

COOKIE = "leadersboard-session"
COOKIE_PATH = "/services/"
MAX_AGE_SECONDS = 24 * 3600
XSRF_HEADER = "X-XSRFToken"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class BrowserSession:
    """What one browser's cookie holds for one `service` of the hub."""

    def __init__(self, request: Request, service: str) -> None:
        self._request = request
        self._service = service
        # There is no session where there is no hub.
        self._all: MutableMapping[str, Any] = request.scope.get("session", {})

    @property
    def _kept(self) -> Mapping[str, Any]:
        kept: Mapping[str, Any] = self._all.get(self._service, {})
        return kept

    @property
    def token(self) -> str | None:
        return self._kept.get("token")

    @property
    def xsrf_token(self) -> str | None:
        return self._kept.get("xsrf")

    def begin(self, start: LoginStart, next_url: str) -> None:
        """Keep what the browser's return from the hub is checked against."""
        begun = {"state": start.state, "verifier": start.verifier, "next": next_url}
        self._all[self._service] = {**self._kept, **begun}

    def returned(self, state: str) -> tuple[str, str] | None:
        """Return the verifier and where to go on, or None where this login was not begun by this browser."""
        known = str(self._kept.get("state", ""))
        if not known or not hmac.compare_digest(known.encode(), state.encode()):
            return None
        return str(self._kept["verifier"]), str(self._kept["next"])

    def finish(self, token: str) -> None:
        self._all[self._service] = {"token": token, "xsrf": secrets.token_urlsafe(24)}

    def end(self) -> None:
        self._all.pop(self._service, None)

    def check_origin(self) -> None:
        """See that a change was asked for by a page of ours: others cannot read the token that is to be sent with it.

        Raises:
            ForgedRequest
        """
        sent = self._request.headers.get(XSRF_HEADER, "")
        changes = self._request.method not in _SAFE_METHODS
        if changes and not hmac.compare_digest(sent.encode(), (self.xsrf_token or "-").encode()):
            raise ForgedRequest
