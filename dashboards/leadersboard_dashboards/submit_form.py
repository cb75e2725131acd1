"""The form by which people submit without Jupyter."""

import asyncio
import html
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import ipywidgets as widgets

from leadersboard_dashboards.forms import Field, Message, button, complain_at
from leadersboard_dashboards.sending import Filled, Sender
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses, Viewer, in_the_name_of
from leadersboard_dashboards.words import word

_MAIN, _CONFIG = "main.py", "config.yaml"
_GIB = 1024**3
_MIB = 1024**2


class SubmitForm:
    """Asks for files and how to run them. `submitted` is told the job, and in whose name it runs."""

    def __init__(self, viewer: Viewer, submitted: Callable[[str, Viewer], None]) -> None:
        self._viewer, self._acting, self._submitted = viewer, viewer, submitted
        self._files: dict[str, bytes] = {}
        self._sender = Sender()
        self._sending: asyncio.Task[None] | None = None
        self._named = _MAIN
        self._defaults: dict[str, str] = {}
        self.is_loaded = False
        self._message, self._quota = Message(), widgets.HTML()
        self._chosen = widgets.HTML(self._list_files())
        self._fields = self._make_fields()
        self._submit = button("submit", viewer.language, self._press, main=True)
        self._remove = button("remove_files", viewer.language, self._forget_files)
        self._submit.disabled = self._remove.disabled = True
        self.box = self._arranged()
        self.load()

    def load(self) -> None:
        """Fill in what there is to choose from; what could not be asked for is asked for the next time."""
        viewer = self._viewer
        try:
            benchmarks, classes = viewer.ask("/benchmarks"), viewer.ask("/resource-classes")
        except (ApiAway, ApiRefuses) as problem:
            self._message.warn(_sentence(problem, viewer.language))
            return
        self.is_loaded = True
        self._message.say("")
        self._defaults = {one["slug"]: one["default_resource_class"] for one in benchmarks}
        benchmark, resource = self._fields["benchmark"].widget, self._fields["resource_class"].widget
        resource.options = [(_described(one, viewer.language), one["name"]) for one in classes]
        benchmark.options = [(one["title"], one["slug"]) for one in benchmarks]
        if viewer.settings.default_benchmark in self._defaults:
            benchmark.value = viewer.settings.default_benchmark
        self._follow_benchmark()
        self.show_quota()

    def show_quota(self) -> None:
        """Say how many submissions are left."""
        language = self._viewer.language
        try:
            quota = self._acting.ask("/quota")["submissions"]
        except (ApiAway, ApiRefuses):
            # What was said last stays until the platform answers again.
            return
        left = max(quota["limit"] - quota["used"], 0)
        if left:
            text = word("left", language, left=left, limit=quota["limit"])
        else:
            text = word("none_left", language, limit=quota["limit"], when=quota["next_allowed"])
        self._quota.value = f'<p class="lb-help" role="status">{html.escape(text)}</p>'

    def _make_fields(self) -> dict[str, Field]:
        say = partial(word, language=self._viewer.language)
        upload = widgets.FileUpload(multiple=True, description=say("choose_files"))
        upload.observe(self._take_files, "value")
        benchmark = widgets.Dropdown(description=say("benchmark"))
        benchmark.observe(lambda _: self._follow_benchmark(), "value")
        token = widgets.Password(description=say("token"), continuous_update=False)
        fields = {
            "files": Field(upload, say("files_help")),
            "entrypoint": Field(widgets.Text(_MAIN, description=say("entrypoint")), say("entrypoint_help")),
            "config_file": Field(widgets.Text(_CONFIG, description=say("config_file")), say("config_help")),
            "benchmark": Field(benchmark),
            "resource_class": Field(widgets.Dropdown(description=say("resource_class"))),
            "metadata": Field(widgets.Textarea(description=say("metadata"), rows=2), say("metadata_help")),
            "token": Field(token, say("token_help")),
        }
        fields["metadata"].widget.placeholder = '{"method": "padim"}'
        return fields

    def _arranged(self) -> Any:
        fields = {name: one.box for name, one in self._fields.items()}
        chosen = widgets.VBox([self._chosen, self._remove])
        pairs = [("entrypoint", "config_file"), ("benchmark", "resource_class"), ("metadata", "token")]
        rows = [widgets.HBox([fields[left], fields[right]]) for left, right in pairs]
        for row in rows:
            row.add_class("lb-pair")
        box = widgets.VBox([fields["files"], chosen, *rows, self._quota, self._submit, self._message.widget])
        box.add_class("lb-form")
        return box

    def _take_files(self, change: Mapping[str, Any]) -> None:
        for one in change["new"]:
            self._files[one["name"]] = bytes(one["content"])
        if change["new"]:
            self._fields["files"].complain("")
            self._follow_files()

    def _forget_files(self) -> None:
        self._files.clear()
        self._fields["files"].widget.value = ()
        self._follow_files()

    def _follow_files(self) -> None:
        entrypoint = self._fields["entrypoint"].widget
        if entrypoint.value == self._named:
            # Whoever has written something else means it.
            entrypoint.value = self._named = entrypoint_among(self._files)
        self._chosen.value = self._list_files()
        nothing = not self._files
        self._remove.disabled, self._submit.disabled = nothing, nothing or self._is_busy

    def _list_files(self) -> str:
        if not self._files:
            return f'<p class="lb-help">{html.escape(word("no_files_yet", self._viewer.language))}</p>'
        sizes = {name: len(content) for name, content in sorted(self._files.items())}
        items = "".join(f"<li><code>{html.escape(name)}</code> {_size(size)}</li>" for name, size in sizes.items())
        return f'<ul class="lb-chosen">{items}</ul>'

    def _follow_benchmark(self) -> None:
        wanted = self._defaults.get(self._fields["benchmark"].value)
        resource = self._fields["resource_class"].widget
        if wanted in [name for _, name in resource.options]:
            resource.value = wanted

    @property
    def _is_busy(self) -> bool:
        return self._sending is not None and not self._sending.done()

    def _press(self) -> None:
        # A second press may have been on its way when the button was switched off.
        if self._is_busy or not self._files:
            return
        self._submit.disabled = True
        complain_at(self._fields, None, "")
        self._message.say(word("submitting", self._viewer.language))
        form = Filled(dict(self._files), **{name: one.value for name, one in self._fields.items() if name in _SENT})
        self._sending = asyncio.get_running_loop().create_task(self._send(form, self._fields["token"].value))

    async def _send(self, form: Filled, token: str) -> None:
        try:
            self._acting = await asyncio.to_thread(self._whose, token)
            job_id = await asyncio.to_thread(self._sender.send, form, self._acting)
        except (ApiAway, ApiRefuses) as problem:
            self._refuse(problem)
        else:
            self._forget_files()
            self._message.say(word("submitted_as", self._viewer.language, job=job_id, user=self._acting.user_id))
            self._submitted(job_id, self._acting)
        self._sending = None
        self._submit.disabled = not self._files
        self.show_quota()

    def _whose(self, token: str) -> Viewer:
        return in_the_name_of(token, self._viewer) if token else self._viewer

    def _refuse(self, problem: ApiAway | ApiRefuses) -> None:
        sentence = _sentence(problem, self._viewer.language)
        field = getattr(problem, "field", None)
        if getattr(problem, "status", None) == 401 and self._fields["token"].value:
            field, sentence = "token", word("wrong_token", self._viewer.language)
        if complain_at(self._fields, field, sentence):
            self._message.warn(word("see_above", self._viewer.language))
        else:
            self._message.warn(sentence)


_SENT = ("entrypoint", "config_file", "metadata", "benchmark", "resource_class")


def entrypoint_among(names: Mapping[str, bytes]) -> str:
    """Return what is most likely meant to be run."""
    notebooks = [name for name in names if name.endswith(".ipynb")]
    scripts = [name for name in names if name.endswith(".py")]
    for found in ([_MAIN] if _MAIN in names else [], notebooks, scripts):
        if len(found) == 1:
            return found[0]
    return _MAIN


def _sentence(problem: ApiAway | ApiRefuses, language: str) -> str:
    if isinstance(problem, ApiAway):
        return problem.sentence or word("away_form", language)
    return str(problem)


def _described(one: Mapping[str, Any], language: str) -> str:
    minutes, memory = round(one["wall_seconds"] / 60), round(one["memory_bytes"] / _GIB, 1)
    return f"{one['name']} ({word('class_limits', language, minutes=minutes, memory=f'{memory:g}')})"


def _size(size: int) -> str:
    return f"{size:,} B" if size < _MIB else f"{size / _MIB:.1f} MiB"
