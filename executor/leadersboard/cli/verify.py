"""`leadersboard verify`: whether results are still what the platform signed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from leadersboard.cli.configured import read_settings
from leadersboard.cli.outcome import ExitCode, Rejected
from leadersboard.cli.words import say

if TYPE_CHECKING:
    from leadersboard.ports.records import SealedResult

_EXAMPLES = """Examples:

  leadersboard verify                                # every result

  leadersboard verify --benchmark demo-inspection

  leadersboard verify --sign-unsigned JOB            # vouch for a result from before there were signatures
"""


def register(app: typer.Typer) -> None:
    app.command("verify", epilog=_EXAMPLES)(verify)


def verify(
    job: Annotated[str | None, typer.Argument(help="Only this job's result.")] = None,
    benchmark: Annotated[str | None, typer.Option("--benchmark", "-b", help="Only results of this benchmark.")] = None,
    sign_unsigned: Annotated[
        bool, typer.Option("--sign-unsigned", help="Sign results that never were, in your name as the operator.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Sign them without asking.")] = False,
) -> None:
    """Say which results do not verify, and why; the exit code is 1 if there are any. Boards do not show them."""
    from leadersboard.bootstrap import build_signer, open_records
    from leadersboard.usecases import verify_results

    settings = read_settings()
    with open_records(settings) as records:
        found = verify_results.verify_results(records, job_id=job, benchmark=benchmark)
        if job is not None and not found:
            raise Rejected(say("no_such_result", job=job), ExitCode.NOT_FOUND)
        _print(found)
        if sign_unsigned and _may_sign(found, yes=yes):
            signed = verify_results.sign_unsigned(found, records, build_signer(settings))
            typer.echo(say("signed", count=signed))
            found = verify_results.verify_results(records, job_id=job, benchmark=benchmark)
    wrong = sum(one.defect is not None for one in found)
    typer.echo(say("verified", right=len(found) - wrong, wrong=wrong))
    if wrong:
        raise typer.Exit(ExitCode.FAILED)


def _print(found: Sequence["SealedResult"]) -> None:
    from leadersboard.cli.render import print_table, printable

    rows = [
        [
            one.job_id,
            printable(one.user_id),
            printable(f"{one.benchmark or '-'} {one.benchmark_version or ''}").strip(),
            f"{one.created_at:%Y-%m-%d %H:%M}",
            say(f"flaw_{one.defect.flaw.value}", fields=", ".join(one.defect.fields) or "-"),
        ]
        for one in found
        if one.defect is not None
    ]
    if rows:
        print_table(["job", "user", "benchmark", "scored", "why"], rows)


def _may_sign(found: Sequence["SealedResult"], *, yes: bool) -> bool:
    from leadersboard.domain.signature import Flaw

    count = sum(one.defect is not None and one.defect.flaw is Flaw.UNSIGNED for one in found)
    return count > 0 and (yes or typer.confirm(say("sign_these", count=count)))
