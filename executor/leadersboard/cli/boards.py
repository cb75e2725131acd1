"""`leadersboard board`."""

import json
from typing import Annotated

import typer

from leadersboard.cli.connection import Token, Url, connect
from leadersboard.cli.outcome import Rejected
from leadersboard.cli.words import say

_EXAMPLES = "Examples: leadersboard board; leadersboard board demo-inspection --csv > board.csv"


def register(app: typer.Typer) -> None:
    app.command("board", epilog=_EXAMPLES)(board)


def board(
    benchmark: Annotated[
        str | None, typer.Argument(help="Slug of a benchmark; may be left out where there is one only.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's whole answer as JSON.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="How many rows to show.")] = 50,
    url: Url = None,
    token: Token = None,
) -> None:
    """Print the board of a benchmark, best first."""
    from leadersboard.cli.render import print_board, warn

    if as_csv and as_json:
        raise Rejected(say("csv_or_json"))
    with connect(url, token) as client:
        slug = benchmark or _only_benchmark([str(one["slug"]) for one in client.benchmarks()])
        if as_csv:
            typer.echo(client.board_csv(slug, limit), nl=False)
            return
        found = client.board(slug, limit)
    if as_json:
        typer.echo(json.dumps(found.raw, ensure_ascii=False, indent=2))
        return
    print_board(found)
    if found.total > len(found.rows):
        warn(say("more_rows", shown=len(found.rows), total=found.total))


def _only_benchmark(slugs: list[str]) -> str:
    if len(slugs) != 1:
        raise Rejected(say("which_benchmark", known=", ".join(slugs) or "-"))
    return slugs[0]
