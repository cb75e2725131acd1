"""To submit without Jupyter, and to see what becomes of it."""

import html

from IPython.display import HTML, display

from leadersboard_dashboards.chosen_job import ChosenJob
from leadersboard_dashboards.frame import show_frame
from leadersboard_dashboards.live import Live, News
from leadersboard_dashboards.own_jobs import OwnJobs
from leadersboard_dashboards.submit_form import SubmitForm
from leadersboard_dashboards.viewer import Viewer
from leadersboard_dashboards.words import word

_PLACE = "lb-live-jobs"


class SubmitPage:
    """The form, the jobs of whoever submits, and the log of one of them: a cell of the notebook each."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._own = OwnJobs(viewer)
        self._first = self._own.read()
        self._live = Live(_PLACE, viewer.settings.refresh_seconds, self.news)
        self._form = SubmitForm(viewer, self._submitted)
        self._chosen = ChosenJob(self._own)

    def show_form(self) -> None:
        show_frame(self._viewer, "submit")
        self._show_heading("submit_title", "h1")
        display(self._form.box)

    def show_jobs(self) -> None:
        self._show_heading("own_jobs", "h2")
        display(HTML(f'<div class="lb-board"><div id="{_PLACE}">{self._first}</div></div>'))
        display(self._live)

    def show_log(self) -> None:
        self._show_heading("log", "h2")
        display(self._chosen.box)

    def news(self) -> News:
        """Return the jobs if they have changed; with them the rest of the page follows."""
        if not self._form.is_loaded:
            self._form.load()
        found = self._own.news()
        if found is not None:
            self._chosen.follow_list()
            self._form.show_quota()
        return News(found, self._own.is_reached)

    def _submitted(self, job_id: str, whose: Viewer) -> None:
        self._own.viewer = whose
        self._live.html = self._own.read()
        self._chosen.follow_list(job_id)

    def _show_heading(self, name: str, level: str) -> None:
        text = html.escape(word(name, self._viewer.language))
        display(HTML(f'<div class="lb-board lb-heading"><{level}>{text}</{level}></div>'))
