"""`leadersboard submit`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadersboard.cli.connection import Token, Url, connect
from leadersboard.cli.outcome import ExitCode, Rejected
from leadersboard.cli.parsing import named_values
from leadersboard.cli.words import say

if TYPE_CHECKING:
    from leadersboard.answers import JobView
    from leadersboard.client import Client

_USUAL_CONFIG = "config.yaml"
_EXAMPLES = """Examples:

  leadersboard submit padim.ipynb -p backbone=resnet18 -p layers='["layer2"]' --wait

  leadersboard submit main.py --config-file config.yaml --resource-class medium

  JOB=$(leadersboard submit padim.ipynb)   # the job's id is all that goes to the standard output
"""


def register(app: typer.Typer) -> None:
    app.command("submit", epilog=_EXAMPLES)(submit)


Entrypoint = Annotated[Path, typer.Argument(metavar="NOTEBOOK_OR_SCRIPT", help="Notebook or script to run.")]
Parameters = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", metavar="NAME=VALUE", help="Parameter of a notebook; JSON or plain text."),
]
Files = Annotated[list[Path] | None, typer.Option("--file", "-f", metavar="FILE", help="Further file the run needs.")]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config-file", help=f"Settings of a script; {_USUAL_CONFIG} beside it is sent by itself."),
]
Metadata = Annotated[
    list[str] | None,
    typer.Option("--metadata", "-m", metavar="NAME=VALUE", help="What the board says of it, as method=padim."),
]


def submit(
    entrypoint: Entrypoint,
    parameters: Parameters = None,
    files: Files = None,
    config_file: ConfigFile = None,
    benchmark: Annotated[str | None, typer.Option("--benchmark", "-b", help="Benchmark to compete on.")] = None,
    resource_class: Annotated[str | None, typer.Option("--resource-class", "-r", help="small or medium.")] = None,
    metadata: Metadata = None,
    wait: Annotated[bool, typer.Option("--wait", "-w", help="Wait for the end, showing progress.")] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Submit a notebook or a script, and have it run."""
    from leadersboard.cli.render import warn

    given = named_values(parameters or [])
    config_file = config_file or _config_beside(entrypoint)
    sent = list(dict.fromkeys([entrypoint, *(files or []), *([config_file] if config_file else [])]))
    for path in sent:
        if not path.is_file():
            raise Rejected(say("no_such_path", path=path), ExitCode.REFUSED)
    wanted = {"benchmark": benchmark, "resource_class": resource_class, "parameters": given}
    config: dict[str, Any] = {name: value for name, value in wanted.items() if value}
    with connect(url, token) as client:
        submission_id = client.submit(
            sent,
            entrypoint=entrypoint.name,
            config_file=config_file.name if config_file else None,
            metadata=named_values(metadata or []),
        )
        job_id = client.start_job(submission_id, config)
        warn(say("job_started", job_id=job_id))
        if not wait:
            typer.echo(job_id)
            return
        _wait(client, job_id, entrypoint.name)


def _config_beside(entrypoint: Path) -> Path | None:
    usual = entrypoint.with_name(_USUAL_CONFIG)
    return usual if entrypoint.suffix == ".py" and usual.is_file() else None


def _wait(client: "Client", job_id: str, label: str) -> None:
    from leadersboard.cli.following import watch
    from leadersboard.cli.progress import job_screen

    job: JobView | None = None
    try:
        with job_screen() as screen:
            for job in watch(client, job_id):
                screen.show(label, job)
    except KeyboardInterrupt:
        raise Rejected(say("left_running", job_id=job_id), ExitCode.INTERRUPTED) from None
    if job is not None:
        conclude(client, job)


def conclude(client: "Client", job: "JobView") -> None:
    """Print how a job ended: its score and rank, or why it failed, then with exit code 1."""
    if job.status == "cancelled":
        raise Rejected(say("job_cancelled", job_id=job.job_id), ExitCode.FAILED)
    if job.status != "completed":
        reason = " ".join(part for part in (job.error, job.hint) if part) or say("no_reason")
        raise Rejected(say("job_failed", job_id=job.job_id, error=reason), ExitCode.FAILED)
    from leadersboard.cli.jobs import print_results

    typer.echo(say("job_completed", job_id=job.job_id))
    print_results(client, job.job_id)
