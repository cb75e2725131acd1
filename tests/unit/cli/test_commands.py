"""The commands themselves: their help, their exit codes, what they load."""

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from leadersboard.cli.main import app
from leadersboard.cli.outcome import EXIT_CODES_HELP, ExitCode, Rejected, explained
from leadersboard.client import PlatformUnreachable, Refused
from leadersboard.domain.errors import SubmissionQuotaExceeded, UnknownJob

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_the_commands_of_the_manual_are_there() -> None:
    promised = "up down status api worker submit jobs logs results cancel board dataset weights doctor verify backup restore prune"

    assert set(COMMANDS) == set(promised.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_what_it_is_for(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])

    assert result.exit_code == 0
    assert "Usage" in result.output


def test_help_loads_nothing_that_takes_long() -> None:
    heavy = {"httpx", "pydantic", "sqlalchemy", "fastapi", "mlflow", "numpy", "torch", "psutil"}
    program = f"import sys, leadersboard.cli.main; print(*({heavy!r} & sys.modules.keys()))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Rejected("no"), ExitCode.REFUSED),
        (UnknownJob(job_id="j"), ExitCode.NOT_FOUND),
        (SubmissionQuotaExceeded(limit=1, retry_after_seconds=9), ExitCode.TOO_MANY),
        (PlatformUnreachable(url="http://x", problem="-"), ExitCode.UNREACHABLE),
        (Refused(400, "bad", "invalid", None), ExitCode.REFUSED),
        (Refused(401, "bad", "invalid_token", None), ExitCode.REFUSED),
        (Refused(404, "none", "unknown_job", None), ExitCode.NOT_FOUND),
        (Refused(429, "wait", "quota", 60), ExitCode.TOO_MANY),
        (Refused(503, "later", "not_enough_space", None), ExitCode.UNREACHABLE),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
    ],
)
def test_each_kind_of_error_has_its_exit_code_and_one_line(error: BaseException, code: ExitCode) -> None:
    sentence, found = explained(error)

    assert found is code
    assert len(sentence.splitlines()) == 1


def test_the_help_tells_every_exit_code() -> None:
    told = {int(part.split()[0]) for part in EXIT_CODES_HELP.removeprefix("Exit codes: ").split(", ")}

    assert told == {int(code) for code in ExitCode}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["submit", "absent.ipynb"], "There is no file absent.ipynb."),
        (["board", "--csv", "--json"], "Give either --csv or --json."),
        (["jobs", "--url", "http://board.example"], "http://board.example needs a token"),
        (["jobs", "--url", "not an address"], "needs a token"),
        (["jobs", "--url", "ftp://127.0.0.1"], "is not an address of a platform"),
    ],
)
def test_wrong_input_ends_with_one_line_and_code_2(arguments: list[str], line: str) -> None:
    result = CliRunner().invoke(app, arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert line in result.stderr
    assert len(result.stderr.splitlines()) == 1
