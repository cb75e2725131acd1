"""The secrets that an installation makes for itself, and the user on whose behalf it submits its baselines."""

import os
import secrets
from pathlib import Path

from leadersboard.domain.roles import BASELINE_USER
from leadersboard.domain.tokens import hashed_entries
from leadersboard.settings import Settings


def baseline_token(settings: Settings) -> str:
    """Return the baseline user's token."""
    return secret(settings, "baseline-token")


def secret(settings: Settings, name: str, length_bytes: int = 32) -> str:
    """Return the secret `name`, made on the first call and readable by this user alone."""
    path = secret_file(settings, name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_name(f".{name}-{os.getpid()}")
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(length_bytes))
        # A link, unlike a rename, leaves the token alone that another process has made in the meantime.
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def secret_file(settings: Settings, name: str) -> Path:
    """Return where the secret `name` is kept."""
    return settings.home_path / "secrets" / name


def tokens_of_the_api(settings: Settings) -> Path:
    """Write down what the API is to accept, digests only, and return the file: the operator's tokens and that of the
    baseline user.

    Raises:
        ValueError: the operator's tokens cannot be used.
    """
    digests = hashed_entries(f"{settings.api_tokens}\n{BASELINE_USER}:{baseline_token(settings)}")
    path = secret_file(settings, "api-tokens")
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(digests)
    fresh.replace(path)
    return path
