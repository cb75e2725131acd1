"""The command line: `leadersboard COMMAND`."""

from typing import Annotated

import typer

from leadersboard.cli import boards, checks, datasets, jobs, keeping, parts, submitting, verify, weights
from leadersboard.cli.outcome import EXIT_CODES_HELP, Commands

app = typer.Typer(
    name="leadersboard",
    cls=Commands,
    help="Submit a notebook, have it run and scored against hidden labels, and see where it ranks.",
    epilog=EXIT_CODES_HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("leadersboard"))
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Nothing is common to all commands but their help."""


for module in (parts, submitting, jobs, boards, checks, verify, keeping):
    module.register(app)
app.add_typer(datasets.datasets, name="dataset")
app.add_typer(weights.weights, name="weights")


if __name__ == "__main__":
    app()
