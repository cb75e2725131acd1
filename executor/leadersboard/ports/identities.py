"""Who somebody is, as the hub knows them."""

from dataclasses import dataclass
from typing import Protocol

from leadersboard.domain.roles import Role


class IdentitiesUnavailable(Exception):
    """The hub does not answer at present, so nobody new can be told who they are."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A user of the hub, and what they may do."""

    user_id: str
    role: Role


@dataclass(frozen=True, slots=True)
class LoginStart:
    """Where a browser goes to log in; `state` and `verifier` are kept for its return (RFC 6749, RFC 7636)."""

    url: str
    state: str
    verifier: str


class Identities(Protocol):
    """Tells who a token belongs to, and lets browsers get one."""

    async def of_token(self, token: str) -> Identity | None:
        """Return whose token it is, or None where the hub knows nobody who may come in with it.

        Raises:
            IdentitiesUnavailable
        """
        ...

    def start_login(self) -> LoginStart: ...

    async def token_for(self, code: str, verifier: str) -> str:
        """Exchange the code that a browser came back with for a token.

        Raises:
            IdentitiesUnavailable: also where the code is not valid: it is used once, and for minutes.
        """
        ...
