"""How commands end: one line on the error output, and an exit code that scripts can go by."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import typer
from typer.core import TyperGroup

from leadersboard.cli.language import language
from leadersboard.cli.words import say
from leadersboard.domain.errors import Kind, LeadersBoardError


class ExitCode(IntEnum):
    """What a command's exit code says."""

    OK = 0
    FAILED = 1  # the job failed or was cancelled, or something that is needed is missing
    REFUSED = 2  # wrong usage, or input that was refused
    UNREACHABLE = 3  # the platform is not up, or cannot do it at present
    NOT_FOUND = 4
    TOO_MANY = 5  # a quota; the sentence says when to try again
    INTERRUPTED = 130


EXIT_CODES_HELP = (
    "Exit codes: 0 ok, 1 the job failed, 2 wrong usage or refused input, 3 the platform cannot be reached, "
    "4 not found, 5 too many requests, 130 interrupted."
)

_BY_KIND = {
    Kind.NOT_FOUND: ExitCode.NOT_FOUND,
    Kind.TOO_MANY: ExitCode.TOO_MANY,
    Kind.UNAVAILABLE: ExitCode.UNREACHABLE,
}
_BY_STATUS = {404: ExitCode.NOT_FOUND, 429: ExitCode.TOO_MANY}


class Rejected(Exception):
    """The command cannot be carried out as it was given; the message is what the user reads."""

    def __init__(self, message: str, code: ExitCode = ExitCode.REFUSED) -> None:
        self.code = code
        super().__init__(message)


class Commands(TyperGroup):
    """A group whose commands end with one sentence where something is wrong."""

    def invoke(self, ctx: Any) -> Any:
        with reported():
            return super().invoke(ctx)


@contextmanager
def reported() -> Iterator[None]:
    """Turn errors that users may see into a line and an exit code; others are defects and stay what they are."""
    try:
        yield
    except (Rejected, LeadersBoardError, KeyboardInterrupt, ModuleNotFoundError) as error:
        end(error)
    except Exception as error:
        if not _is_refusal(error):
            raise
        end(error)


def end(error: BaseException) -> None:
    """Print the sentence of `error` and leave the program."""
    sentence, code = explained(error)
    typer.echo(sentence, err=True)
    raise typer.Exit(code) from error


def explained(error: BaseException) -> tuple[str, ExitCode]:
    """Return what a user reads of `error`, and the exit code."""
    if isinstance(error, Rejected):
        return str(error), error.code
    if isinstance(error, LeadersBoardError):
        return error.sentence(language()), _BY_KIND.get(error.kind, ExitCode.REFUSED)
    if isinstance(error, KeyboardInterrupt):
        return say("interrupted"), ExitCode.INTERRUPTED
    if isinstance(error, ModuleNotFoundError):
        return say("missing_part", name=error.name), ExitCode.FAILED
    status = getattr(error, "status", 500)
    code = ExitCode.UNREACHABLE if status >= 500 else ExitCode.REFUSED
    return str(error), _BY_STATUS.get(status, code)


def _is_refusal(error: Exception) -> bool:
    # Imported when there is an error to look at: an HTTP client takes longer to import than `--help` to print.
    from leadersboard.client import Refused

    return isinstance(error, Refused)
