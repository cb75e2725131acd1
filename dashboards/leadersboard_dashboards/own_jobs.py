"""One's own jobs, newest first: how each stands, while any of them waits or runs."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from leadersboard_dashboards.addresses import PREFIX
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses, Viewer
from leadersboard_dashboards.words import word

FINAL = ("completed", "failed", "cancelled")
_SHOWN = 20


class OwnJobs:
    """The jobs of `viewer`, as they were last read."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.jobs: Sequence[Mapping[str, Any]] = ()
        self._language = viewer.language
        self._opens = viewer.user_id
        self._shown = ""
        self._is_unsure = True

    @property
    def goes_on(self) -> bool:
        """Whether something may change by itself."""
        return self._is_unsure or any(job["status"] not in FINAL for job in self.jobs)

    @property
    def is_reached(self) -> bool:
        """Whether the platform answered when the jobs were last read."""
        return not self._is_unsure

    def find(self, job_id: str | None) -> Mapping[str, Any] | None:
        return next((job for job in self.jobs if job["job_id"] == job_id), None)

    def news(self) -> str | None:
        """Return the list if it has changed since it was last read; nothing is asked where nothing goes on."""
        before = self._shown
        return None if not self.goes_on or self.read() == before else self._shown

    def read(self) -> str:
        """Return the list as HTML. Where the platform does not answer, the last one stays, with a note."""
        viewer = self.viewer
        try:
            self.jobs = viewer.ask("/jobs", user_id=viewer.user_id, limit=_SHOWN)["items"]
            self._is_unsure, note = False, ""
        except (ApiAway, ApiRefuses) as problem:
            self._is_unsure = True
            text = str(problem) if isinstance(problem, ApiRefuses) else word("away", self._language)
            note = f'<p class="lb-note lb-warn" role="status">{html.escape(text)}</p>'
        items = "".join(self._item(job) for job in self.jobs)
        empty = "" if note else f'<p class="lb-help">{html.escape(word("no_jobs", self._language))}</p>'
        self._shown = note + (f'<ol class="lb-jobs">{items}</ol>' if items else empty)
        return self._shown

    def _item(self, job: Mapping[str, Any]) -> str:
        language = self._language
        status = f'<span class="lb-badge lb-{job["status"]}">{html.escape(state_of(job, language))}</span>'
        at = html.escape(job["created_at"][:16].replace("T", " "))
        parts = [
            f'<p class="lb-job-head"><strong>{html.escape(job["entrypoint"] or "–")}</strong> {status} '
            f"<time>{at} UTC</time> <code>{html.escape(job['job_id'][:8])}</code></p>",
            self._progress(job),
            self._score(job["score"]),
        ]
        if job["error"]:
            parts.append(f'<p class="lb-problem">{html.escape(job["error"])}</p>')
        parts.append(self._links(job))
        return f'<li data-job="{html.escape(job["job_id"])}">{"".join(parts)}</li>'

    def _progress(self, job: Mapping[str, Any]) -> str:
        if job["status"] != "running" or not job["progress"]:
            return ""
        cell, cells = job["progress"]["cell"], job["progress"]["cells"]
        label = html.escape(word("cell", self._language, cell=cell, cells=cells))
        return f'<progress max="{cells}" value="{cell}" aria-label="{label}"></progress>'

    def _score(self, score: Mapping[str, Any] | None) -> str:
        if score is None:
            return ""
        place = word("rank_of", self._language, rank=score["rank"], of=score["of"])
        best = f" · {word('your_best', self._language)}" if score["is_best"] else ""
        return (
            f"<p>{html.escape(score['metric'])} <strong>{score['value']:.4f}</strong> · {html.escape(place + best)}</p>"
        )

    def _links(self, job: Mapping[str, Any]) -> str:
        links = []
        if self.viewer.user_id == self._opens:
            # A job that runs in a token's name opens for whoever the token belongs to.
            links.append((word("run_page", self._language), f"{PREFIX}runs/{job['job_id']}"))
        if job["benchmark"]:
            links.append((word("board", self._language), f"{PREFIX}leaderboard/{job['benchmark']}"))
        return f"<p>{linked(links)}</p>" if links else ""


def state_of(job: Mapping[str, Any], language: str) -> str:
    """Return how a job stands, in words."""
    words = [word(f"status_{job['status']}", language)]
    if job["cancel_requested"] and job["status"] not in FINAL:
        return word("cancelling", language)
    if job["status"] == "pending" and job["queue"]:
        ahead, seconds = job["queue"]["ahead"], job["queue"]["expected_start_seconds"]
        words.append(word("ahead", language, ahead=ahead) if ahead else word("next_up", language))
        if seconds is not None:
            words.append(word("starts_in", language, time=duration(seconds, language)))
    elif job["status"] == "running":
        progress = job["progress"]
        in_cells = progress and job["stage"] == "executing"
        words.append(word("cell", language, **progress) if in_cells else word(f"stage_{job['stage']}", language))
    return " · ".join(words)


def duration(seconds: float, language: str) -> str:
    """Return a length of time, roughly: '40 s', '12 min', '3 h 5 min'."""
    whole = round(seconds)
    if whole < 90:
        return word("seconds", language, seconds=whole)
    minutes = round(whole / 60)
    hours, rest = divmod(minutes, 60)
    return word("hours", language, hours=hours, minutes=rest) if hours else word("minutes", language, minutes=minutes)


def linked(links: Sequence[tuple[str, str]]) -> str:
    """Return links (words and addresses) on one line of HTML."""
    return " · ".join(f'<a href="{html.escape(url)}">{html.escape(name)}</a>' for name, url in links)
