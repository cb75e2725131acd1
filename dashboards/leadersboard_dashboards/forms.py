"""Fields of forms: each with its label, and with what is wrong with it below."""

import html
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from leadersboard_dashboards.words import word


class Field:
    """A widget and the place where its problem is said."""

    def __init__(self, widget: Any, help_text: str = "") -> None:
        self.widget = widget
        self._help = html.escape(help_text)
        self._below = widgets.HTML(self._quiet())
        self.box = widgets.VBox([widget, self._below])
        self.box.add_class("lb-field")

    @property
    def value(self) -> str:
        return str(self.widget.value or "").strip()

    def complain(self, problem: str) -> None:
        """Say what is wrong; nothing where `problem` is empty."""
        wrong = f'<p class="lb-problem" role="alert">{html.escape(problem)}</p>' if problem else ""
        self._below.value = wrong or self._quiet()
        (self.box.add_class if problem else self.box.remove_class)("lb-wrong")

    def explain(self, help_text: str) -> None:
        """Say this below the field as long as nothing is wrong."""
        self._help = html.escape(help_text)
        self._below.value = self._quiet()

    def _quiet(self) -> str:
        return f'<p class="lb-help">{self._help}</p>' if self._help else ""


class Message:
    """One sentence about what was done, or what went wrong, that screen readers say as well."""

    def __init__(self) -> None:
        self.widget = widgets.HTML('<p class="lb-said" role="status"></p>')

    def say(self, text: str, link: tuple[str, str] | None = None) -> None:
        """Say `text`, with a link (its words and where it leads) behind it."""
        behind = f' <a href="{html.escape(link[1])}">{html.escape(link[0])}</a>' if link else ""
        self.widget.value = f'<p class="lb-said" role="status">{html.escape(text)}{behind}</p>'

    def warn(self, text: str) -> None:
        self.widget.value = f'<p class="lb-note lb-warn" role="alert">{html.escape(text)}</p>'


def button(name: str, language: str, pressed: Callable[[], object], *, main: bool = False) -> Any:
    """Return a button called `name` in `words` that calls `pressed`."""
    made = widgets.Button(description=word(name, language), button_style="primary" if main else "")
    made.on_click(lambda _: pressed())
    return made


def complain_at(fields: Mapping[str, Field], field: str | None, problem: str) -> bool:
    """Say a problem at the field that it is about and nowhere else; return whether there is such a field."""
    for name, one in fields.items():
        one.complain(problem if name == field else "")
    return field in fields
