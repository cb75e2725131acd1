"""The static tokens of the original contract. Only their digests are kept."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping

# The built-in token of a laptop belongs to one known user; other bare tokens get a name that tells nothing of them.
_KNOWN_USERS = {"devtoken": "dev"}
_USER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")
# A token of which only the digest is known here, as `digest` gives it.
_HASHED = re.compile(r"sha256:([0-9a-fA-F]{64})")


def parse_tokens(text: str) -> dict[str, str]:
    """Return the users by the digest of their token.

    Entries are separated by commas or line breaks: `user:token` or a bare token, where the token may stand as
    `sha256:` and its digest. Lines that begin with # say nothing.

    Raises:
        ValueError: a user's name cannot be used, a token is empty, or two users share one.
    """
    users: dict[str, str] = {}
    for entry in _entries(text):
        user, token = _taken_apart(entry)
        if user is not None and not _USER_NAME.fullmatch(user):
            raise ValueError(f"API_TOKENS: the user name {user!r} cannot be used; take letters, digits and . _ @ -")
        if not token:
            raise ValueError(f"API_TOKENS: the token of {user!r} is empty")
        hashed = _HASHED.fullmatch(token)
        key = hashed[1].lower() if hashed else digest(token)
        name = user or _KNOWN_USERS.get(token) or f"user-{key[:8]}"
        if users.setdefault(key, name) != name:
            raise ValueError(f"API_TOKENS: {name!r} has a token that another user has as well")
    return users


def hashed_entries(text: str) -> str:
    """Return the same entries, a line each, with digests in the place of tokens.

    Raises:
        ValueError: as `parse_tokens` does.
    """
    return "".join(f"{user}:sha256:{key}\n" for key, user in parse_tokens(text).items())


def find_user(token: str, users: Mapping[str, str]) -> str | None:
    """Return whose token it is, or None; it takes as long for any token."""
    sent, found = digest(token), None
    for known, user in users.items():
        if hmac.compare_digest(known, sent):
            found = user
    return found


def digest(token: str) -> str:
    """Return the SHA-256 of `token` in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _entries(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.lstrip().startswith("#"):
            yield from (entry.strip() for entry in line.split(",") if entry.strip())


def _taken_apart(entry: str) -> tuple[str | None, str]:
    if _HASHED.fullmatch(entry):
        return None, entry
    user, separator, token = entry.partition(":")
    return (user, token) if separator else (None, entry)
