"""What may be kept of a value that somebody sent or left: only what can be written as JSON and answered again."""

import math
from collections.abc import Iterable
from typing import Any

MAX_DEPTH = 32
# Longer whole numbers do not fit into a number with a point, and nobody means them.
_MAX_BITS = 1000


def flaw_in(value: Any, depth: int = 0) -> str | None:
    """Return what is wrong with `value`, for a sentence, or None where it can be kept."""
    if depth > MAX_DEPTH:
        return f"it is nested more than {MAX_DEPTH} levels deep"
    if isinstance(value, dict):
        return _first_flaw([*value.keys(), *value.values()], depth) or _flaw_in_keys(value)
    if isinstance(value, list | tuple):
        return _first_flaw(value, depth)
    if isinstance(value, str):
        return _flaw_in_text(value)
    return _flaw_in_scalar(value)


def cleaned(value: Any) -> Any:
    """Return `value`, with a question mark for each half character in its texts."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {cleaned(key): cleaned(one) for key, one in value.items()}
    return [cleaned(one) for one in value] if isinstance(value, list | tuple) else value


def _first_flaw(values: Iterable[Any], depth: int) -> str | None:
    return next((flaw for flaw in (flaw_in(one, depth + 1) for one in values) if flaw is not None), None)


def _flaw_in_keys(value: dict[Any, Any]) -> str | None:
    return None if all(isinstance(key, str) for key in value) else "a name in it is not text"


def _flaw_in_scalar(value: Any) -> str | None:
    if isinstance(value, float) and not math.isfinite(value):
        return "a number in it is not finite"
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return "a number in it is too large"
    return None if value is None or isinstance(value, bool | int | float) else "a value in it has no form in JSON"


def _flaw_in_text(text: str) -> str | None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "a text in it holds half a character (a lone surrogate)"
    # PostgreSQL keeps no such text.
    return "a text in it holds the character NUL" if "\x00" in text else None
