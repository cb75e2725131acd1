"""The job that somebody has chosen from their list: its log as it grows, what it is worth, and how to cancel it."""

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import ipywidgets as widgets

from leadersboard_dashboards.forms import Message, button
from leadersboard_dashboards.own_jobs import FINAL, OwnJobs, linked
from leadersboard_dashboards.tail import Tail, marked
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses
from leadersboard_dashboards.words import word

_LOG_LINES = 1000
_FASTEST_SECONDS = 2.0


class ChosenJob:
    """Shows one of `own`; `changed` is called when something was done to it."""

    def __init__(self, own: OwnJobs) -> None:
        viewer = own.viewer
        self._own, self._language = own, viewer.language
        self._read_at = ""
        self._sure = False
        self._choice = widgets.Dropdown(description=word("job", self._language))
        self._cancel = button("cancel", self._language, self._press_cancel)
        self._about, self._message = widgets.HTML(), Message()
        seconds = min(viewer.settings.refresh_seconds, _FASTEST_SECONDS)
        self.log = Tail(word("log", self._language), seconds, self.look)
        self._choice.observe(self._chosen, "value")
        row = widgets.HBox([self._choice, self._cancel])
        row.add_class("lb-row")
        self.box = widgets.VBox([row, self._message.widget, self._about, self.log])
        self.box.add_class("lb-form")
        self.follow_list()

    def follow_list(self, chosen: str | None = None) -> None:
        """Offer the jobs there are now, and show `chosen`, or still the one that is shown."""
        options = [(f"{job['entrypoint']} · {job['job_id'][:8]}", job["job_id"]) for job in self._own.jobs]
        known = [job_id for _, job_id in options]
        before = self._choice.value
        wanted = next((one for one in (chosen, before, *known) if one in known), None)
        if options != list(self._choice.options):
            # Other options choose the first of themselves, which nobody has asked for.
            self._choice.unobserve(self._chosen, "value")
            self._choice.options = options
            self._choice.value = wanted
            self._choice.observe(self._chosen, "value")
            if wanted != before:
                self._chosen({"new": wanted})
        else:
            self._choice.value = wanted
        self.box.layout.display = "" if options else "none"
        self._show()

    def look(self) -> None:
        """Read the log again; where that fails, the last one stays, and it is said how old it is."""
        job_id = self._choice.value
        if job_id is None:
            return
        try:
            job = self._own.viewer.ask(f"/jobs/{job_id}/status")
            text = self._own.viewer.ask(f"/jobs/{job_id}/logs", tail_lines=_LOG_LINES)["logs"]
        except (ApiAway, ApiRefuses):
            self.log.note = word("old_log", self._language, time=self._read_at or "–")
            return
        self._read_at = datetime.now(UTC).strftime("%H:%M:%S UTC")
        self.log.note = ""
        self.log.lines = marked(text) or html.escape(word("empty_log", self._language))
        self.log.follows = job["status"] not in FINAL

    def _chosen(self, change: Mapping[str, Any]) -> None:
        self.log.lines, self.log.note, self._read_at = "", "", ""
        self._message.say("")
        # Until it is known to have ended.
        self.log.follows = change["new"] is not None
        self._show()
        self.look()

    def _show(self) -> None:
        job = self._own.find(self._choice.value)
        self._be_sure(sure=False)
        self._cancel.disabled = job is None or job["status"] in FINAL or job["cancel_requested"]
        self._about.value = self._described(job) if job else ""

    def _described(self, job: Mapping[str, Any]) -> str:
        parts = []
        if job["failure"] and job["failure"]["hint"]:
            parts.append(f'<p class="lb-help">{html.escape(job["failure"]["hint"])}</p>')
        if job["status"] == "completed":
            parts.append(self._results(job["job_id"]))
        return "".join(parts)

    def _results(self, job_id: str) -> str:
        try:
            results = self._own.viewer.ask(f"/jobs/{job_id}/results")
        except (ApiAway, ApiRefuses):
            # The list above says that the platform is away.
            return ""
        reported = {
            f"{name} ({word('reported', self._language)})": v for name, v in results["reported_metrics"].items()
        }
        facts = [
            f"<li>{html.escape(name)} <strong>{value:.4f}</strong></li>" for name, value in _items(results, reported)
        ]
        links = [("MLflow", results["mlflow_ui_link"])] if results["mlflow_ui_link"] else []
        return f'<ul class="lb-facts">{"".join(facts)}</ul><p>{linked(links)}</p>'

    def _press_cancel(self) -> None:
        """Cancel at the second press: what is cancelled is lost."""
        if not self._sure:
            self._be_sure(sure=True)
            return
        self._be_sure(sure=False)
        try:
            self._own.viewer.fetch("POST", f"/jobs/{self._choice.value}/cancel")
            self._message.say(word("cancel_asked", self._language))
        except (ApiAway, ApiRefuses) as problem:
            away = isinstance(problem, ApiAway)
            self._message.warn(word("away_form", self._language) if away else str(problem))

    def _be_sure(self, *, sure: bool) -> None:
        self._sure = sure
        self._cancel.description = word("really_cancel" if sure else "cancel", self._language)
        self._cancel.button_style = "danger" if sure else ""


def _items(results: Mapping[str, Any], reported: Mapping[str, float]) -> list[tuple[str, float]]:
    return [*results["metrics"].items(), *reported.items()]
