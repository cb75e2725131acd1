"""The user on whose behalf the platform submits its baselines."""

import os
import secrets

from leadersboard.settings import Settings

BASELINE_USER = "baseline"


def baseline_token(settings: Settings) -> str:
    """Return the baseline user's token, made on the first call and readable by this user alone."""
    folder = settings.home_path / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "baseline-token"
    fresh = folder / f".baseline-token-{os.getpid()}"
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        # A link, unlike a rename, leaves the token alone that another process has made in the meantime.
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def tokens_of_the_api(settings: Settings) -> str:
    """Return what the API is to accept: the operator's tokens and that of the baseline user."""
    entries = [entry.strip() for entry in settings.api_tokens.split(",") if entry.strip()]
    return ",".join([*entries, f"{BASELINE_USER}:{baseline_token(settings)}"])
