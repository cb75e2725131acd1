"""`leadersboard backup`, `restore` and `prune`: what is kept, and how it is brought back."""

from pathlib import Path
from typing import Annotated

import typer

from leadersboard.cli.configured import read_settings
from leadersboard.cli.outcome import ExitCode, Rejected
from leadersboard.cli.words import say


def register(app: typer.Typer) -> None:
    app.command("backup", epilog="Example: leadersboard backup /backups/$(date +%F)")(backup)
    app.command(
        "restore", epilog="Example: LEADERSBOARD_HOME=/srv/leadersboard leadersboard restore /backups/2026-04-01"
    )(restore)
    app.command("prune", epilog="Example: leadersboard prune --days 30")(prune)


def backup(
    destination: Annotated[Path, typer.Argument(help="Folder to make; it must not exist.")],
    with_data: Annotated[
        bool, typer.Option("--with-data", help="Copy data sets, hidden labels included, and weights as well.")
    ] = False,
) -> None:
    """Copy everything that the platform keeps, which may be up, to a new folder: whole, or not there."""
    from leadersboard.backup import take

    made = take(read_settings(), destination, with_data=with_data, tell=_tell)
    typer.echo(say("backed_up", files=len(made.files), mib=made.bytes / 2**20, path=destination.absolute()))
    for name in made.elsewhere:
        typer.echo(say("not_backed_up", name=name), err=True)


def restore(source: Annotated[Path, typer.Argument(help="Folder that 'leadersboard backup' made.")]) -> None:
    """Check a backup and bring it back to LEADERSBOARD_HOME, which must be empty; then 'leadersboard up'."""
    from leadersboard.backup import restore as bring_back
    from leadersboard.backup.restoring import missing_datasets

    settings = read_settings()
    made = bring_back(settings, source, tell=_tell)
    typer.echo(say("restored", files=len(made.files), made_at=made.made_at, path=settings.home_path))
    for dataset in missing_datasets(settings, made):
        typer.echo(say("dataset_missing", dataset=dataset), err=True)


def prune(
    days: Annotated[int | None, typer.Option(min=1, help="Days that files are kept, in place of the setting.")] = None,
    max_bytes: Annotated[
        int | None, typer.Option("--bytes", min=1, help="Size of all files that are kept, in place of the setting.")
    ] = None,
    free_bytes: Annotated[
        int | None, typer.Option("--free-bytes", min=1, help="Free disk to reach, in place of the setting.")
    ] = None,
) -> None:
    """Remove outputs and logs of ended jobs, the oldest first, as the settings of retention say; results stay."""
    from leadersboard.bootstrap import build_platform, build_shelves
    from leadersboard.maintenance import Busy, maintenance
    from leadersboard.usecases.prune import UNCLAIMED_AFTER, remove_unclaimed
    from leadersboard.usecases.prune import prune as carry_out

    settings = read_settings(retention_days=days, retention_bytes=max_bytes, retention_free_bytes=free_bytes)
    shelves = build_shelves(build_platform(settings))
    try:
        with maintenance(settings):
            remove_unclaimed(UNCLAIMED_AFTER, shelves)
            pruned = carry_out(settings.retention, shelves)
    except Busy:
        raise Rejected(say("maintained"), ExitCode.UNREACHABLE) from None
    typer.echo(say("pruned", jobs=pruned.jobs, mib=pruned.bytes / 2**20))


def _tell(what: str) -> None:
    typer.echo(say("copying", what=what), err=True)
