"""How long one has to wait, in words."""

import math
from typing import Literal

_MINUTE = 60


def in_words(seconds: float, language: Literal["en", "ja"]) -> str:
    """Return when something is, seen from now: 'in 12 minutes', '12分後'. It is rounded up, so that it holds."""
    whole = max(1, math.ceil(seconds))
    if whole < _MINUTE:
        return f"{whole}秒後" if language == "ja" else f"in {_counted(whole, 'second')}"
    minutes = math.ceil(whole / _MINUTE)
    if minutes < _MINUTE:
        return f"{minutes}分後" if language == "ja" else f"in {_counted(minutes, 'minute')}"
    hours, rest = divmod(minutes, _MINUTE)
    if language == "ja":
        return f"{hours}時間{rest}分後" if rest else f"{hours}時間後"
    return f"in {_counted(hours, 'hour')}" + (f" {_counted(rest, 'minute')}" if rest else "")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
