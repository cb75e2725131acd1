"""One run: what it was told, how good it is, what it left."""

import html
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from IPython.display import HTML, display

from leadersboard_dashboards.addresses import PREFIX
from leadersboard_dashboards.frame import show_frame
from leadersboard_dashboards.gallery import Gallery
from leadersboard_dashboards.live import Live, News
from leadersboard_dashboards.packages import packages_of
from leadersboard_dashboards.parts import heading, warning
from leadersboard_dashboards.tables import facts, metrics_by_category
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses, Viewer
from leadersboard_dashboards.words import word

_PLACE = "lb-live-run"
_LOG_LINES = 400
_MIB = 1024**2
_API = "/services/leadersboard"
_FINAL = ("completed", "failed", "cancelled")
_ENVIRONMENT = ("benchmark", "benchmark_version", "resource_class", "device", "worker", "attempt", "seconds", "memory")


class RunPage:
    """The run at the end of the address, while it runs and afterwards."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._shown = ""
        self._ended = False
        self._gallery = Gallery(viewer, {viewer.name: viewer.name[:8]})

    def show(self) -> None:
        show_frame(self._viewer, "run")
        display(HTML(f'<main class="lb-board"><div id="{_PLACE}">{self.read()}</div></main>'))
        display(self._gallery.box)
        if not self._ended:
            display(Live(_PLACE, self._viewer.settings.refresh_seconds, self.news))

    def news(self) -> News:
        """Return the page if it has changed since it was last read."""
        before = self._shown
        found = before if self._ended else self.read()
        return News(found if found != before else None)

    def read(self) -> str:
        viewer = self._viewer
        try:
            job = viewer.ask(f"/jobs/{quote(viewer.name)}/status")
            if job["status"] == "completed":
                self._gallery.load()
            self._shown = "".join(_parts(viewer, job, has_gallery=self._gallery.is_there))
            self._ended = job["status"] in _FINAL
        except ApiAway:
            self._shown = warning(word("away", viewer.language))
        except ApiRefuses as refusal:
            self._shown = warning(str(refusal))
        return self._shown


def show(viewer: Viewer) -> None:
    RunPage(viewer).show()


def _parts(viewer: Viewer, job: Mapping[str, Any], *, has_gallery: bool) -> list[str]:
    language, job_id = viewer.language, job["job_id"]
    parts = [f"<h1>{html.escape(word('run', language))} <code>{html.escape(job_id)}</code></h1>", _state(job, language)]
    if job["failure"]:
        parts.append(_failure(job["failure"], language))
    if job["status"] == "completed":
        results = viewer.ask(f"/jobs/{job_id}/results")
        parts += [
            heading("metrics", language),
            metrics_by_category(results, language),
            _links(results, language, has_gallery=has_gallery),
        ]
    if job["parameters"]:
        parts += [heading("parameters", language), facts(job["parameters"])]
    memory = job["peak_memory_bytes"]
    about = {**job, "seconds": job["run_seconds"], "memory": None if memory is None else memory / _MIB}
    known = {word(f"about_{name}", language): about[name] for name in _ENVIRONMENT if about[name] is not None}
    parts += [heading("environment", language), facts(known)]
    if job["status"] in _FINAL:
        files = [one["name"] for one in viewer.ask(f"/jobs/{job_id}/files")["files"]]
        parts += _packages(packages_of(viewer, job_id, files), language)
        parts += _left(job_id, files, language, has_gallery=has_gallery)
    parts += [heading("log", language), _log(viewer, job_id)]
    return parts


def _state(job: Mapping[str, Any], language: str) -> str:
    words = [word(f"status_{job['status']}", language)]
    if job["progress"] and job["status"] == "running":
        words.append(word("cell", language, **job["progress"]))
    facts_of_it = f"{job['user_id']} · {job['created_at'][:19].replace('T', ' ')} UTC"
    return f'<p class="lb-state lb-{job["status"]}">{html.escape(" · ".join([*words, facts_of_it]))}</p>'


def _failure(failure: Mapping[str, Any], language: str) -> str:
    lines = [f"<p><strong>{html.escape(failure['sentence'])}</strong></p>"]
    if failure["cell"] is not None:
        lines.append(f"<p>{html.escape(word('in_cell', language, cell=failure['cell']))}</p>")
    if failure["traceback"]:
        lines.append(f"<pre>{html.escape(failure['traceback'])}</pre>")
    if failure["hint"]:
        lines.append(f"<p>{html.escape(failure['hint'])}</p>")
    return f'<section class="lb-note lb-warn">{"".join(lines)}</section>'


def _links(results: Mapping[str, Any], language: str, *, has_gallery: bool) -> str:
    links = [(word("board", language), f"{PREFIX}leaderboard/{results['benchmark']}")] if results["benchmark"] else []
    if results["mlflow_ui_link"]:
        links.append(("MLflow", results["mlflow_ui_link"]))
    if has_gallery:
        links.append((word("gallery", language), "#gallery"))
    return "<p>" + " · ".join(f'<a href="{html.escape(url)}">{html.escape(name)}</a>' for name, url in links) + "</p>"


def _packages(found: Mapping[str, str], language: str) -> list[str]:
    if not found:
        return []
    summary = html.escape(word("packages", language, count=len(found)))
    return [f"<details><summary>{summary}</summary>{facts(found)}</details>"]


def _left(job_id: str, files: Sequence[str], language: str, *, has_gallery: bool) -> list[str]:
    """Return the curves and pictures, the executed notebook, and all files that the run left."""
    base = f"{PREFIX}api/jobs/{job_id}"
    pictures = [name for name in files if name.startswith("scoring/figures/") and name.endswith(".png")]
    curves = [name for name in pictures if "/heatmaps/" not in name]
    # The gallery has them all, and more.
    maps = [name for name in pictures if "/heatmaps/" in name and not has_gallery]
    parts: list[str] = []
    for title, names in (("curves", curves), ("heat_maps", maps)):
        if names:
            parts += [heading(title, language), _pictures(base, names)]
    notebooks = [("notebook", "executed.ipynb"), ("scoring-notebook", "scoring/scoring.ipynb")]
    shown = [kind for kind, name in notebooks if name in files]
    if shown:
        opened = " · ".join(
            f'<a href="{base}/{kind}?format=html">{html.escape(word(kind, language))}</a>' for kind in shown
        )
        parts += [heading("notebooks", language), f"<p>{opened}</p>"]
    if files:
        items = "".join(
            f'<li><a href="{_download(job_id, name)}" target="_blank">{html.escape(name)}</a></li>' for name in files
        )
        summary = html.escape(word("files", language, count=len(files)))
        parts.append(f"<details><summary>{summary}</summary><ul>{items}</ul></details>")
    return parts


def _download(job_id: str, name: str) -> str:
    """Return an address that gives the file from the API itself, whatever its size."""
    path = f"{_API}/jobs/{job_id}/files/{quote(name)}"
    return f"{_API}/hub-login?{urlencode({'next': path})}"


def _pictures(base: str, names: list[str]) -> str:
    shown = "".join(
        f'<a href="{base}/files/{quote(name)}"><img loading="lazy" src="{base}/files/{quote(name)}" '
        f'alt="{html.escape(name.rpartition("/")[2].removesuffix(".png"))}"></a>'
        for name in names
    )
    return f'<div class="lb-pictures">{shown}</div>'


def _log(viewer: Viewer, job_id: str) -> str:
    text = viewer.ask(f"/jobs/{job_id}/logs", tail_lines=_LOG_LINES)["logs"]
    return f'<pre class="lb-log" tabindex="0">{html.escape(text) or "–"}</pre>'
