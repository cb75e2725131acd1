"""Values as they are typed on a command line."""

import json
from collections.abc import Iterable
from typing import Any

from leadersboard.cli.outcome import Rejected
from leadersboard.cli.words import say


def named_values(texts: Iterable[str]) -> dict[str, Any]:
    """Return `name=value` pairs as a mapping; a value that is JSON is that value, any other is text."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise Rejected(say("not_name_value", text=text))
        found[name.strip()] = _value(value)
    return found


def _value(text: str) -> Any:
    try:
        # NaN and Infinity are no JSON, although the parser would let them pass.
        return json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
