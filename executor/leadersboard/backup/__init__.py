"""Copies all that an installation keeps to a folder, and makes an installation of such a folder again."""

from leadersboard.backup.restoring import restore
from leadersboard.backup.taking import take

__all__ = ["restore", "take"]
