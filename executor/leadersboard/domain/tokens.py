"""The static tokens of the original contract. Only their digests are kept."""

import hashlib
import re
from collections.abc import Mapping

# The built-in token of a laptop belongs to one known user; other bare tokens get a name that tells nothing of them.
_KNOWN_USERS = {"devtoken": "dev"}
_USER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")


def parse_tokens(text: str) -> dict[str, str]:
    """Return the users by the digest of their token, from `user:token` or bare tokens, comma-separated.

    Raises:
        ValueError: a user's name cannot be used, a token is empty, or two users share one.
    """
    users: dict[str, str] = {}
    for entry in (part.strip() for part in text.split(",")):
        if not entry:
            continue
        user, separator, token = entry.partition(":")
        if not separator:
            token = user
            user = _KNOWN_USERS.get(token) or f"user-{digest(token)[:8]}"
        if not _USER_NAME.fullmatch(user):
            raise ValueError(f"API_TOKENS: the user name {user!r} cannot be used; take letters, digits and . _ @ -")
        if not token:
            raise ValueError(f"API_TOKENS: the token of {user!r} is empty")
        if users.setdefault(digest(token), user) != user:
            raise ValueError(f"API_TOKENS: {user!r} has a token that another user has as well")
    return users


def find_user(token: str, users: Mapping[str, str]) -> str | None:
    """Return whose token it is, or None. Looking up digests takes the same time for any wrong token."""
    return users.get(digest(token))


def digest(token: str) -> str:
    """Return the SHA-256 of `token` in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
