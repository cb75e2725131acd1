"""`leadersboard doctor`."""

import typer

from leadersboard.cli.configured import read_settings
from leadersboard.cli.outcome import ExitCode
from leadersboard.cli.words import say


def register(app: typer.Typer) -> None:
    app.command("doctor", epilog="Example: leadersboard doctor || make up")(doctor)


def doctor() -> None:
    """Check the installation and say what is missing; the exit code is 1 if something needed is."""
    from leadersboard.cli.diagnosis import Severity, all_findings
    from leadersboard.cli.render import printable

    missing = False
    for finding in all_findings(read_settings()):
        missing = missing or finding.severity is Severity.MISSING
        remedy = f" -> {say(finding.remedy)}" if finding.remedy else ""
        typer.echo(f"{finding.severity:<8}{finding.subject:<12}{printable(finding.detail)}{remedy}")
    if missing:
        raise typer.Exit(ExitCode.FAILED)
