"""Where the notebooks and templates lie that come with the platform."""

import sys
from pathlib import Path

_SOURCE_ROOT = Path(__file__).parents[2]


def shipped(folder: str) -> Path:
    """Return the folder `notebooks` or `templates`: of the checkout, or of the installed distribution."""
    in_checkout = _SOURCE_ROOT / folder
    if (_SOURCE_ROOT / "pyproject.toml").is_file() and in_checkout.is_dir():
        return in_checkout
    return Path(sys.prefix) / "share" / "leadersboard" / folder
