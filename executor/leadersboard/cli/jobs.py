"""`leadersboard jobs`, `logs`, `results` and `cancel`."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from leadersboard.cli.connection import Token, Url, connect
from leadersboard.cli.outcome import ExitCode, Rejected
from leadersboard.cli.words import say

if TYPE_CHECKING:
    from leadersboard.client import Client

Job = Annotated[str, typer.Argument(metavar="JOB", help="Id of a job, as 'submit' and 'jobs' print it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the API's whole answer as JSON.")]


def register(app: typer.Typer) -> None:
    app.command("jobs", epilog="Example: leadersboard jobs --status failed --limit 10")(jobs)
    app.command("logs", epilog="Example: leadersboard logs -f JOB")(logs)
    app.command("results", epilog="Example: leadersboard results JOB --json | jq .metrics")(results)
    app.command("cancel", epilog="Example: leadersboard cancel JOB")(cancel)


def jobs(
    status: Annotated[
        str | None, typer.Option("--status", "-s", help="Only pending, running, completed, failed or cancelled ones.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="How many to show.")] = 20,
    as_json: AsJson = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """List your jobs, newest first."""
    from leadersboard.cli.render import print_jobs, warn

    with connect(url, token) as client:
        found = client.jobs(status=status, limit=limit)
    if as_json:
        _print_json(found.raw)
        return
    print_jobs(found.items)
    if found.total > len(found.items):
        warn(say("more_jobs", shown=len(found.items), total=found.total))


def logs(
    job: Job,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the job ends.")] = False,
    tail: Annotated[int | None, typer.Option("--tail", "-n", min=1, help="Only the last lines.")] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Print what a job has printed. With --follow the exit code is 1 where the job failed."""
    from leadersboard.cli.following import follow_log
    from leadersboard.cli.render import printable_log

    colours = sys.stdout.isatty()
    with connect(url, token) as client:
        if not follow:
            typer.echo(printable_log(client.logs(job, tail), colours=colours), nl=False)
            return
        for piece in follow_log(client, job):
            typer.echo(printable_log(piece, colours=colours), nl=False)
        if client.job(job).status != "completed":
            raise typer.Exit(ExitCode.FAILED)


def results(job: Job, as_json: AsJson = False, url: Url = None, token: Token = None) -> None:
    """Print the metrics of a job, its rank, and where its run is kept."""
    with connect(url, token) as client:
        if as_json:
            _print_json(client.results(job))
        else:
            print_results(client, job)


def cancel(job: Job, url: Url = None, token: Token = None) -> None:
    """Cancel a job."""
    with connect(url, token) as client:
        if (before := client.job(job)).is_final:
            raise Rejected(say("already_final", job_id=job, status=before.status))
        after = client.cancel(job)
    key = "job_cancelled" if after.status == "cancelled" else "cancel_asked"
    typer.echo(say(key, job_id=job))


def print_results(client: "Client", job_id: str) -> None:
    """Print the metrics of a job as a table, its rank and its run."""
    from leadersboard.cli.render import number, print_table

    found = client.results(job_id)
    intervals = found.get("intervals") or {}
    rows = [
        [name, number(value), " - ".join(f"{end:.3f}" for end in intervals.get(name) or ()), kind]
        for kind, metrics in (("scored", found.get("metrics")), ("reported", found.get("reported_metrics")))
        for name, value in (metrics or {}).items()
    ]
    if rows:
        print_table(["metric", "value", "95 %", "kind"], rows)
    if found.get("rank") and found.get("benchmark"):
        total = client.board(found["benchmark"], limit=1).total
        typer.echo(say("rank", rank=found["rank"], total=total, benchmark=found["benchmark"]))
    if found.get("mlflow_ui_link"):
        typer.echo(found["mlflow_ui_link"])


def _print_json(answer: object) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
