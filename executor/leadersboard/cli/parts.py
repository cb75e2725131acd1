"""`leadersboard up`, `down`, `status`, `api` and `worker`."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadersboard.cli.addresses import print_addresses
from leadersboard.cli.configured import read_settings
from leadersboard.cli.outcome import ExitCode, Rejected
from leadersboard.cli.words import say

if TYPE_CHECKING:
    from leadersboard.supervisor.platform import Platform

_UP_EXAMPLES = """Examples:

  leadersboard up                     # everything, with baselines on the demonstration board; Ctrl-C ends it

  leadersboard up -d --no-baselines   # in the background, with an empty board

  leadersboard up --port 8020
"""


def register(app: typer.Typer) -> None:
    app.command("up", epilog=_UP_EXAMPLES)(up)
    app.command("down", epilog="Example: leadersboard down")(down)
    app.command("status", epilog="Example: leadersboard status || leadersboard up -d")(status)
    app.command("api")(api)
    app.command("worker")(worker)


def up(
    baselines: Annotated[
        bool, typer.Option("--baselines/--no-baselines", help="Whether to bring the templates to the board.")
    ] = True,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Return once it is up; 'down' ends it.")] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the API.")] = None,
) -> None:
    """Bring the whole platform up on this machine: Redis, MLflow, API, worker, demonstration benchmark."""
    from leadersboard.cli.bringing_up import bring_up

    bring_up(read_settings(api_port=port), baselines=baselines, detach=detach)


def down() -> None:
    """End the platform, whoever brought it up."""
    from leadersboard.supervisor.platform import Platform

    settings = read_settings()
    platform = Platform(settings)
    if platform.is_up():
        typer.echo(say("ending_down", seconds=settings.grace_seconds))
    # Parts may be left even where nothing supervises them any more.
    typer.echo(say("ended" if platform.stop() else "not_up"))


def status() -> None:
    """Show the parts of the platform; the exit code is 3 where it is not up."""
    from leadersboard.cli.render import print_table, seconds
    from leadersboard.supervisor.platform import Platform
    from leadersboard.supervisor.processes import memory_bytes

    platform = Platform(read_settings())
    parts = platform.parts()
    if not parts:
        raise Rejected(say("not_up"), ExitCode.UNREACHABLE)
    rows = [
        [
            part.name,
            part.state if not part.problem else f"{part.state}: {part.problem}",
            str(part.pid or "-"),
            seconds(part.running_seconds) if part.pid else "-",
            f"{memory_bytes(part.pid) / 2**20:.0f} MiB" if part.pid else "-",
        ]
        for part in parts
    ]
    print_table(["part", "state", "pid", "up", "memory"], rows)
    _print_readiness(platform)
    print_addresses(platform)


def api() -> None:
    """Serve the HTTP API alone, as installations on several machines do."""
    from leadersboard.supervisor.preflight import check_tokens

    settings = read_settings()
    check_tokens(settings)
    from leadersboard.api.main import run

    run(settings)


def worker() -> None:
    """Run jobs, as many machines as there are may do."""
    settings = read_settings()
    from leadersboard.worker.main import run

    run(settings)


def _print_readiness(platform: "Platform") -> None:
    from leadersboard.cli.language import language
    from leadersboard.cli.render import print_table
    from leadersboard.client import Client

    with Client(platform.addresses().api, language=language()) as client:
        checks = client.readiness()["checks"]
    print_table(["check", "state"], [[name, str(state)] for name, state in checks.items()])
