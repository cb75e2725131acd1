"""Where a browser finds the parts."""

from typing import TYPE_CHECKING

import typer

from leadersboard.cli.words import say

if TYPE_CHECKING:
    from leadersboard.supervisor.platform import Platform


def print_addresses(platform: "Platform") -> None:
    """Print where a browser finds the parts."""
    addresses = platform.addresses()
    if addresses.hub:
        typer.echo(say("address_of_the_hub", hub=addresses.hub))
    typer.echo(say("addresses", api=addresses.api, mlflow=addresses.mlflow))
