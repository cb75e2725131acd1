"""Each log line is an object that says when, how grave, who and what; and which job it is about, wherever it is known."""

import asyncio
import json
import logging
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest

from leadersboard.log_lines import JsonLines, about

JOB = "0123456789abcdef0123456789abcdef"


def line(message: str, *words: object, level: int = logging.INFO, error: bool = False, **extra: Any) -> dict[str, Any]:
    """Return what is written of a record."""
    raised = sys.exc_info() if error else None
    record = logging.getLogger("leadersboard.there").makeRecord(
        "leadersboard.there", level, __file__, 1, message, words, raised, extra=extra
    )
    written = JsonLines().format(record)
    assert "\n" not in written
    found: dict[str, Any] = json.loads(written)
    return found


def test_a_line_says_when_how_grave_who_and_what() -> None:
    found = line("%d things", 3, level=logging.WARNING)
    assert datetime.fromisoformat(found.pop("time")).utcoffset() == timedelta(0)
    assert found == {"level": "warning", "logger": "leadersboard.there", "message": "3 things"}


def test_within_the_work_on_a_job_every_line_carries_it_in_threads_and_tasks_as_well() -> None:
    async def deep() -> dict[str, Any]:
        return await asyncio.create_task(asyncio.to_thread(line, "said by something that knows of no job"))

    with about(job_id=JOB, attempt=2, user="alice"):
        found = asyncio.run(deep())
    assert (found["job_id"], found["attempt"], found["user"]) == (JOB, 2, "alice")
    assert "job_id" not in line("said afterwards")


def test_a_job_that_is_only_named_in_the_message_is_found_by_its_id() -> None:
    assert line("job %s is recorded", JOB)["job_id"] == JOB


def test_what_an_answer_of_the_api_says_of_itself_is_kept() -> None:
    found = line("POST", method="POST", route="/jobs", status=202, seconds=0.1, job_id=JOB, something="else")
    assert {name: found[name] for name in ("method", "route", "status", "seconds", "job_id")} == {
        "method": "POST",
        "route": "/jobs",
        "status": 202,
        "seconds": 0.1,
        "job_id": JOB,
    }
    assert "something" not in found


@pytest.mark.parametrize(
    "told", ["redis://user:very-secret@host/0", "Authorization: Bearer very-secret", "token=very-secret"]
)
def test_secrets_are_left_out_of_messages_and_tracebacks(told: str) -> None:
    try:
        int(told)
    except ValueError:
        found = line("it said %s", told, error=True)
    assert "very-secret" not in json.dumps(found)
    assert "ValueError: invalid literal" in found["traceback"]
