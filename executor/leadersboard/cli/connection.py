"""Which platform a command talks to, and as whom."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from leadersboard.cli.configured import read_settings
from leadersboard.cli.language import language
from leadersboard.cli.outcome import Rejected
from leadersboard.cli.words import say

if TYPE_CHECKING:
    from leadersboard.client import Client

Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="LEADERSBOARD_URL",
        help="Address of the platform; by default the one on this machine, http://127.0.0.1:8010.",
        rich_help_panel="Connection",
    ),
]
Token = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="LEADERSBOARD_TOKEN",
        help="Your token; not needed on this machine while API_TOKENS is not set.",
        rich_help_panel="Connection",
    ),
]


def connect(url: str | None, token: str | None) -> "Client":
    """Return a client for the platform at `url` and the user of `token`."""
    from leadersboard.client import Client
    from leadersboard.exposure import is_loopback
    from leadersboard.settings import DEFAULT_TOKEN

    address = url or f"http://127.0.0.1:{read_settings().api_port}"
    if token is None:
        # Nobody but this machine knows the built-in token for a token.
        if not is_loopback(urlsplit(address).hostname or "-"):
            raise Rejected(say("no_token", url=address))
        token = DEFAULT_TOKEN
    return Client(address, token, language())
