"""For organisers: how the platform is, what they can do to jobs and rows, and who has done what."""

import html
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import ipywidgets as widgets
from IPython.display import HTML, display

from leadersboard_dashboards.forms import Field, Message, button, complain_at
from leadersboard_dashboards.frame import show_frame
from leadersboard_dashboards.live import Live, News
from leadersboard_dashboards.organise_tables import overview_html
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses, Viewer
from leadersboard_dashboards.words import word

_PLACE = "lb-live-organise"
_JOBS, _LOG = 30, 30
_ONE_PRESS_SECONDS = 3.0


class OrganisePage:
    """Everything at a glance, and a form for deeds."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._shown, self._reached = "", False
        self._deeds = Deeds(viewer, self._after_deed)
        first = self.read()
        self._html = f'<main class="lb-board"><div id="{_PLACE}">{first}</div></main>'
        self._live = Live(_PLACE, viewer.settings.refresh_seconds, self.news)

    def show_deeds(self) -> None:
        language = self._viewer.language
        show_frame(self._viewer, "organise")
        title, deeds = (html.escape(word(name, language)) for name in ("organise_title", "deeds"))
        display(HTML(f'<div class="lb-board lb-heading"><h1>{title}</h1><h2>{deeds}</h2></div>'))
        display(self._deeds.box)

    def show_state(self) -> None:
        display(HTML(self._html))
        display(self._live)

    def news(self) -> News:
        """Return the tables if they have changed since they were last read."""
        before = self._shown
        found = self.read()
        return News(found if found != before else None, self._reached)

    def read(self) -> str:
        """Return the tables as HTML. Where the platform does not answer, the last ones stay, with a note."""
        viewer = self._viewer
        self._reached = False
        try:
            overview = viewer.ask("/organise/overview")
            jobs = viewer.ask("/jobs", limit=_JOBS)["items"]
            log = viewer.ask("/organise/log", limit=_LOG)["items"]
        except ApiAway:
            note = f'<p class="lb-note lb-warn" role="status">{html.escape(word("away", viewer.language))}</p>'
            self._shown = note + self._shown.removeprefix(note)
            return self._shown
        except ApiRefuses as refusal:
            self._shown = f'<p class="lb-note lb-warn" role="status">{html.escape(str(refusal))}</p>'
            return self._shown
        self._reached = True
        self._deeds.offer([job["job_id"] for job in jobs])
        self._shown = overview_html(overview, jobs, log, viewer.language)
        return self._shown

    def _after_deed(self) -> None:
        self._live.html = self.read()


class Deeds:
    """A job, a reason, and what can be done to it. `done` is called after each deed."""

    def __init__(self, viewer: Viewer, done: Callable[[], None]) -> None:
        self._viewer, self._done = viewer, done
        say = partial(word, language=viewer.language)
        job = widgets.Combobox(description=say("job"), ensure_option=False)
        reason = widgets.Text(description=say("reason"))
        self._fields = {"job_id": Field(job, say("job_help")), "reason": Field(reason, say("reason_help"))}
        self._message = Message()
        self._pressed = ("", "", 0.0)
        deeds = {"cancel": "cancel", "run-again": "run_again", "hide": "hide", "show": "show_again"}
        buttons = [button(name, viewer.language, self._doer(deed)) for deed, name in deeds.items()]
        pair, row = widgets.HBox([one.box for one in self._fields.values()]), widgets.HBox(buttons)
        pair.add_class("lb-pair")
        row.add_class("lb-row")
        self.box = widgets.VBox([pair, row, self._message.widget])
        self.box.add_class("lb-form")

    def offer(self, job_ids: list[str]) -> None:
        """Offer these jobs to choose from."""
        if tuple(job_ids) != tuple(self._fields["job_id"].widget.options):
            self._fields["job_id"].widget.options = job_ids

    def _doer(self, deed: str) -> Callable[[], None]:
        return lambda: self._do(deed)

    def _do(self, deed: str) -> None:
        complain_at(self._fields, None, "")
        job_id, language = self._fields["job_id"].value, self._viewer.language
        if not job_id:
            complain_at(self._fields, "job_id", word("job_missing", language))
            return
        try:
            answer = self._ask(deed, job_id)
        except ApiAway as problem:
            self._message.warn(problem.sentence or word("away", language))
            return
        except ApiRefuses as refusal:
            self._message.say("")
            if not complain_at(self._fields, _field(refusal), str(refusal)):
                self._message.warn(str(refusal))
            return
        done = f"did_{deed.replace('-', '_')}"
        self._message.say(word(done, language, job=job_id, new=answer["job_id"]))
        self._fields["reason"].widget.value = ""
        self._done()

    def _ask(self, deed: str, job_id: str) -> Mapping[str, Any]:
        headers = {"Idempotency-Key": self._key_for(job_id)} if deed == "run-again" else {}
        body = {"reason": self._fields["reason"].value}
        path = f"/organise/jobs/{quote(job_id, safe='')}/{deed}"
        answer: Mapping[str, Any] = self._viewer.fetch("POST", path, json=body, headers=headers).json()
        return answer

    def _key_for(self, job_id: str) -> str:
        """Return the same key for two presses that come as one."""
        last, key, at = self._pressed
        if last != job_id or time.monotonic() - at > _ONE_PRESS_SECONDS:
            key = uuid4().hex
        self._pressed = (job_id, key, time.monotonic())
        return key


class ClosedPage:
    """What others are shown: where they find what they may look for."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer

    def show_deeds(self) -> None:
        language = self._viewer.language
        show_frame(self._viewer, "organise", word("organise_title", language))
        text = html.escape(word("only_organisers", language))
        display(HTML(f'<main class="lb-board"><p class="lb-note" role="status">{text}</p></main>'))

    def show_state(self) -> None:
        """Nothing of it is for them."""


def page_for(viewer: Viewer) -> OrganisePage | ClosedPage:
    """Return the page as far as `viewer` may see it."""
    return OrganisePage(viewer) if viewer.is_organiser else ClosedPage(viewer)


def _field(refusal: ApiRefuses) -> str | None:
    return refusal.field or ("job_id" if refusal.status == 404 else None)
