"""Which language the command line speaks."""

import os
from functools import cache

from leadersboard.domain.errors import Language


@cache
def language() -> Language:
    """Return the language of the user's locale; the first variable that is set decides, as in POSIX."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((value for name in names if (value := os.environ.get(name))), "")
    return "ja" if locale.lower().startswith("ja") else "en"
