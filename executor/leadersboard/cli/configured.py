"""The settings, read when a command needs them."""

from typing import TYPE_CHECKING

from leadersboard.cli.outcome import Rejected
from leadersboard.cli.words import say

if TYPE_CHECKING:
    from leadersboard.settings import Settings


def read_settings(**given: object) -> "Settings":
    """Return the settings from the environment; `given` ones that are not None come first."""
    from pydantic import ValidationError

    from leadersboard.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or "-"
        raise Rejected(say("bad_setting", name=name, problem=first["msg"])) from error
    except ValueError as error:
        # Of a file that is to hold a secret.
        name, _, problem = str(error).partition(": ")
        raise Rejected(say("bad_setting", name=name, problem=problem)) from error
