"""Logs as JSON, one object a line: when, how grave, who says it, what; and which job, attempt and user it is about."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# What is put around a piece of work holds for everything it calls, in other tasks and threads as well.
_about: ContextVar[dict[str, Any]] = ContextVar("about")
_FIELDS = ("job_id", "attempt", "user", "method", "route", "status", "seconds")
_JOB = re.compile(r"\bjob ([0-9a-f]{32})\b")
# Passwords in addresses, and tokens in headers.
_SECRETS = (
    (re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*@"), "***@"),
    (re.compile(r"(?i)\b(bearer|token|basic)(\s+|=)[\w.~+/=-]{6,}"), r"\1\2***"),
)


@contextmanager
def about(**fields: Any) -> Iterator[None]:
    """Have all that is logged within the context carry `fields`: `job_id`, `attempt`, `user`."""
    before = _about.get({})
    token = _about.set({**before, **fields})
    try:
        yield
    finally:
        _about.reset(token)


class JsonLines(logging.Formatter):
    """A line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        message = _without_secrets(record.getMessage())
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
            **_about.get({}),
            **{name: vars(record)[name] for name in _FIELDS if name in vars(record)},
        }
        if "job_id" not in line and (named := _JOB.search(message)):
            line["job_id"] = named[1]
        if record.exc_info:
            line["traceback"] = _without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def _without_secrets(text: str) -> str:
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def log_in_json() -> None:
    """Write everything that this process logs to its standard error, a line of JSON each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    # arq tells of each message, which is a wake-up and says nothing; HTTP clients of each request.
    for name in ("arq", "httpx", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
