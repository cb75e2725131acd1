"""What organisers look at, as tables; pandas draws them and escapes what is in them."""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from leadersboard_dashboards.own_jobs import duration, state_of
from leadersboard_dashboards.words import word

_NOTHING = "–"
_Row = Mapping[str, Any]
_Columns = Mapping[str, Callable[[_Row], str]]


def overview_html(overview: _Row, jobs: Sequence[_Row], log: Sequence[_Row], language: str) -> str:
    """Return everything that is shown of the platform's state, as HTML."""
    sections = [
        (word("queue", language), _queue(overview, language)),
        (word("workers", language), _workers(overview, language)),
        (word("failures", language, hours=overview["failures_hours"]), _failures(overview, language)),
        (word("recent_jobs", language), _jobs(jobs, overview, language)),
        (word("hidden_rows", language), _hidden(overview, language)),
        (word("participants", language, days=overview["participants_days"]), _participants(overview, language)),
        (word("organiser_log", language), _log(log, language)),
    ]
    as_of = f'<p class="lb-help">{html.escape(word("as_of", language, time=_moment(overview["as_of"], 19)))}</p>'
    return as_of + "".join(f"<section><h2>{html.escape(title)}</h2>{table}</section>" for title, table in sections)


def _queue(overview: _Row, language: str) -> str:
    columns: _Columns = {
        "resource_class": lambda line: line["resource_class"],
        "waiting": lambda line: str(line["waiting"]),
        "running": lambda line: str(line["running"]),
        "oldest_waits": lambda line: _time(line["oldest_seconds"], language),
        "last_starts": lambda line: _time(line["expected_seconds"], language),
    }
    table = _table(overview["queue"], columns, "queue_empty", language)
    late = overview["unrecorded"]
    note = html.escape(word("unrecorded", language, count=late)) if late else ""
    return table + (f'<p class="lb-help">{note}</p>' if late else "")


def _workers(overview: _Row, language: str) -> str:
    columns: _Columns = {
        "worker": lambda one: one["worker"],
        "mood": lambda one: word("mood_silent" if one["silent"] else f"mood_{one['mood']}", language),
        "slots": lambda one: f"{one['busy']} / {one['slots']}",
        "devices": lambda one: ", ".join(one["devices"]) or _NOTHING,
        "heartbeat": lambda one: word("ago", language, time=duration(one["seconds_ago"], language)),
    }
    return _table(overview["workers"], columns, "no_workers", language)


def _failures(overview: _Row, language: str) -> str:
    columns: _Columns = {
        "reason": lambda one: word(f"reason_{one['reason']}", language),
        "jobs": lambda one: str(one["jobs"]),
        "newest": lambda one: _moment(one["newest"]),
    }
    return _table(overview["failures"], columns, "no_failures", language)


def _jobs(jobs: Sequence[_Row], overview: _Row, language: str) -> str:
    hidden = {one["job_id"] for one in overview["hidden"]}

    def state(job: _Row) -> str:
        text = state_of(job, language)
        return f"{text} · {word('hidden', language)}" if job["job_id"] in hidden else text

    columns: _Columns = {
        "job": lambda job: job["job_id"],
        "user": lambda job: job["user_id"],
        "entrypoint": lambda job: job["entrypoint"] or _NOTHING,
        "status": state,
        "score": lambda job: f"{job['score']['value']:.4f}" if job["score"] else _NOTHING,
        "submitted_at": lambda job: _moment(job["created_at"]),
    }
    return _table(jobs, columns, "queue_empty", language)


def _hidden(overview: _Row, language: str) -> str:
    columns: _Columns = {
        "job": lambda one: one["job_id"],
        "user": lambda one: one["user_id"] or _NOTHING,
        "benchmark": lambda one: one["benchmark"] or _NOTHING,
        "reason": lambda one: one["reason"],
    }
    return _table(overview["hidden"], columns, "no_hidden", language)


def _participants(overview: _Row, language: str) -> str:
    quota = overview["quota"]
    columns: _Columns = {
        "user": lambda one: one["user_id"],
        "charged": lambda one: f"{one['charged']} / {quota['submissions_per_hour']}",
        "running": lambda one: f"{one['running']} / {quota['running_jobs']}",
        "waiting": lambda one: str(one["waiting"]),
        "completed": lambda one: str(one["completed"]),
        "failed": lambda one: str(one["failed"]),
        "newest": lambda one: _moment(one["newest"]),
    }
    return _table(overview["participants"], columns, "no_participants", language)


def _log(log: Sequence[_Row], language: str) -> str:
    columns: _Columns = {
        "at": lambda one: _moment(one["at"], 19),
        "who": lambda one: one["who"],
        "deed": lambda one: word(f"deed_{one['deed']}", language),
        "job": lambda one: one["job_id"],
        "reason": lambda one: one["reason"] or _NOTHING,
    }
    return _table(log, columns, "no_log", language)


def _table(rows: Sequence[_Row], columns: _Columns, if_empty: str, language: str) -> str:
    if not rows:
        return f'<p class="lb-help">{html.escape(word(if_empty, language))}</p>'
    cells = {_title(name, language): [cell(row) for row in rows] for name, cell in columns.items()}
    table = pd.DataFrame(cells, dtype=object).to_html(classes="lb-table", border=0, index=False, escape=True)
    return f'<div class="lb-scroll" tabindex="0">{table}</div>'


def _title(name: str, language: str) -> str:
    return word("about_worker" if name == "worker" else name, language)


def _time(seconds: float | None, language: str) -> str:
    return _NOTHING if seconds is None else duration(seconds, language)


def _moment(at: str, length: int = 16) -> str:
    return at[:length].replace("T", " ")
