"""Two to four runs beside each other: metrics, parameters, notebooks, and the same image under each run's map."""

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from IPython.display import HTML, display

from leadersboard_dashboards.addresses import PREFIX
from leadersboard_dashboards.differences import notebook_differences
from leadersboard_dashboards.frame import show_frame
from leadersboard_dashboards.gallery import Gallery
from leadersboard_dashboards.packages import differing_packages, packages_of
from leadersboard_dashboards.parts import heading, plain, warning
from leadersboard_dashboards.tables import differing_facts, metrics_of_runs
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses, Viewer
from leadersboard_dashboards.words import word

_FEWEST, _MOST = 2, 4
_MAPS = "scoring/figures/heatmaps/"
_EXECUTED = "executed.ipynb"


def show(viewer: Viewer) -> None:
    show_frame(viewer, "compare")
    wanted = list(dict.fromkeys(viewer.many.get("run", ())))
    parts, boxes = [f"<h1>{html.escape(word('compare', viewer.language))}</h1>"], []
    if _FEWEST <= len(wanted) <= _MOST:
        try:
            runs = [_Run(viewer, job_id) for job_id in wanted]
            gallery = Gallery(viewer, {run.job["job_id"]: run.name for run in runs})
            if len({(run.job["benchmark"], run.job["benchmark_version"]) for run in runs}) == 1 and gallery.load():
                boxes.append(gallery.box)
            parts += _compared(runs, viewer, has_gallery=bool(boxes))
        except ApiAway:
            parts.append(warning(word("away", viewer.language)))
        except ApiRefuses as refusal:
            parts.append(warning(str(refusal)))
    else:
        parts.append(warning(word("choose_runs", viewer.language)))
    display(HTML(f'<main class="lb-board">{"".join(parts)}</main>'))
    display(*boxes)


class _Run:
    """What the API says of one run."""

    def __init__(self, viewer: Viewer, job_id: str) -> None:
        path = f"/jobs/{quote(job_id, safe='')}"
        self._viewer, self._path = viewer, path
        self.job: Mapping[str, Any] = viewer.ask(f"{path}/status")
        completed = self.job["status"] == "completed"
        self.results: Mapping[str, Any] = viewer.ask(f"{path}/results") if completed else {}
        self.files = [str(one["name"]) for one in viewer.ask(f"{path}/files")["files"]]
        self.packages = packages_of(viewer, job_id, self.files)
        self.name = f"{self.job['user_id']} · {job_id[:8]}"

    @property
    def link(self) -> str:
        return f'<a href="{PREFIX}runs/{quote(self.job["job_id"])}">{html.escape(self.name)}</a>'

    def notebook(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = None
        if _EXECUTED in self.files:
            found = self._viewer.fetch("GET", f"{self._path}/notebook").json()
        return found

    def picture(self, name: str) -> str:
        if name not in self.files:
            return "–"
        address = f"{PREFIX}api/jobs/{quote(self.job['job_id'])}/files/{quote(name)}"
        return f'<img loading="lazy" src="{address}" alt="{html.escape(self.name)}">'


def _compared(runs: Sequence[_Run], viewer: Viewer, *, has_gallery: bool) -> list[str]:
    language = viewer.language
    parts = ["<p>" + " · ".join(run.link for run in runs) + "</p>"]
    scored = {run.name: run.results["metrics"] for run in runs if run.results}
    if scored:
        parts += [heading("metrics", language), metrics_of_runs(scored, _directions(runs, viewer), language)]
    differing = differing_facts({run.name: _settings(run.job) for run in runs})
    differing += differing_packages({run.name: run.packages for run in runs})
    parts += [heading("what_differs", language), differing or plain("nothing_differs", language)]
    parts += _notebooks(runs, language)
    shown = Counter(name for run in runs for name in run.files if name.startswith(_MAPS))
    pictures = sorted(name for name, times in shown.items() if times >= _FEWEST)
    if pictures and not has_gallery:
        parts += [heading("same_image", language), *(_side_by_side(name, runs) for name in pictures)]
    return parts


def _directions(runs: Sequence[_Run], viewer: Viewer) -> Mapping[str, str]:
    slug = next((run.job["benchmark"] for run in runs if run.job["benchmark"]), None)
    found: Mapping[str, str] = {} if slug is None else viewer.ask(f"/benchmarks/{quote(slug, safe='')}")["metrics"]
    return found


def _settings(job: Mapping[str, Any]) -> dict[str, object]:
    names = ("benchmark", "benchmark_version", "resource_class", "device")
    return {**{name: job[name] for name in names if job[name] is not None}, **job["parameters"]}


def _notebooks(runs: Sequence[_Run], language: str) -> list[str]:
    """Return how the notebook of each further run differs from the first one's."""
    first = runs[0].notebook()
    parts: list[str] = []
    for run in runs[1:]:
        other = run.notebook()
        if first is None or other is None:
            continue
        changed = notebook_differences(first, other, language) or plain("nothing_differs", language)
        heading = html.escape(word("notebooks_differ", language, first=runs[0].name, second=run.name))
        parts.append(f"<h2>{heading}</h2>{changed}")
    return parts


def _side_by_side(name: str, runs: Sequence[_Run]) -> str:
    figures = "".join(f"<figure>{run.picture(name)}<figcaption>{run.link}</figcaption></figure>" for run in runs)
    title = html.escape(name.removeprefix(_MAPS).removesuffix(".png"))
    return f'<h3>{title}</h3><div class="lb-pictures">{figures}</div>'
