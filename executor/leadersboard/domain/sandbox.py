"""Which walls stand around submitted code."""

from enum import StrEnum


class Sandbox(StrEnum):
    """What an operator may ask for; `auto` is the one that holds here."""

    AUTO = "auto"
    BUBBLEWRAP = "bubblewrap"
    NONE = "none"
