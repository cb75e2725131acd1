"""The languages that there are sentences in."""

from leadersboard.domain.errors import Language


def language_of(accepted: str) -> Language:
    """Return the first language of an Accept-Language header that there are sentences in, else English."""
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in ("ja", "en"):
            return "ja" if code == "ja" else "en"
    return "en"
