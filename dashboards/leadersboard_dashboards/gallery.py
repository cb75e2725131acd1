"""The test images as a run judged them, or several runs beside each other: worst first, by category and kind of error."""

import html
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import ipywidgets as widgets

from leadersboard_dashboards.addresses import PREFIX
from leadersboard_dashboards.forms import button
from leadersboard_dashboards.parts import heading, warning
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses, Viewer
from leadersboard_dashboards.words import word

_SHOWN = 12
_VERDICTS = ("missed", "false_alarm", "right")
_Piece = Mapping[str, Any]


class Gallery:
    """`runs` are the names of jobs by their ids; the first one says which images come first."""

    def __init__(self, viewer: Viewer, runs: Mapping[str, str]) -> None:
        self._viewer, self._runs = viewer, runs
        self._mapped: Sequence[str] = ()
        self._offset = 0
        language = viewer.language
        self._before = button("earlier", language, lambda: self._turn(-_SHOWN))
        self._after = button("further", language, lambda: self._turn(_SHOWN))
        self._shown = widgets.HTML()
        self.box = widgets.VBox([])
        self.box.add_class("lb-form")

    @property
    def is_there(self) -> bool:
        """Whether the runs have one."""
        return bool(self.box.children)

    def load(self) -> bool:
        """Look whether there is one, and show it where there is; return whether it is there."""
        if self.is_there:
            return True
        try:
            first, *others = (self._ask(job_id, limit=1) for job_id in self._runs)
        except ApiRefuses:
            # What was scored before there were galleries, or on other images, has none.
            return False
        galleries = dict(zip(self._runs, (first, *others), strict=True))
        self._mapped = [job_id for job_id, found in galleries.items() if _has_map(found)]
        language = self._viewer.language
        categories = [(one, one) for one in first["categories"]]
        counts = [(f"{word(name, language)} ({first['verdicts'][name]})", name) for name in _VERDICTS]
        self._category = self._choice("category", [(word("all_categories", language), ""), *categories])
        self._verdict = self._choice("judged", [(word("all_images", language), ""), *counts])
        row = widgets.HBox([self._category, self._verdict, self._before, self._after])
        row.add_class("lb-row")
        title = heading("gallery" if len(self._runs) == 1 else "same_image", language)
        note = (
            "" if first["shows_all_labels"] else f'<p class="lb-help">{html.escape(word("few_labels", language))}</p>'
        )
        above = widgets.HTML(f'<div class="lb-board lb-heading" id="gallery">{title}{note}</div>')
        self._show()
        self.box.children = (above, row, self._shown)
        return True

    def _ask(self, job_id: str, **wanted: object) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._viewer.ask(f"/jobs/{quote(job_id, safe='')}/gallery", **wanted)
        return found

    def _choice(self, name: str, options: Sequence[tuple[str, str]]) -> Any:
        made = widgets.Dropdown(description=word(name, self._viewer.language), options=options, value="")
        made.observe(self._choose, "value")
        return made

    def _choose(self, _: object) -> None:
        self._offset = 0
        self._show()

    def _turn(self, by: int) -> None:
        self._offset = max(0, self._offset + by)
        self._show()

    def _show(self) -> None:
        chosen = {"category": self._category.value, "verdict": self._verdict.value}
        asked = {name: value for name, value in chosen.items() if value}
        try:
            found = self._ask(next(iter(self._runs)), limit=_SHOWN, offset=self._offset, **asked)
        except ApiAway:
            self._shown.value = warning(word("away", self._viewer.language))
            return
        except ApiRefuses as refusal:
            self._shown.value = warning(str(refusal))
            return
        pieces = found["images"]
        self._before.disabled = self._offset == 0
        self._after.disabled = self._offset + len(pieces) >= found["total"]
        facts = {"first": self._offset + bool(pieces), "last": self._offset + len(pieces), "total": found["total"]}
        count = f'<p role="status">{html.escape(word("images_shown", self._viewer.language, **facts))}</p>'
        self._shown.value = f'{count}<ul class="lb-gallery">{"".join(map(self._piece, pieces))}</ul>'

    def _piece(self, piece: _Piece) -> str:
        language = self._viewer.language
        layers = self._of_one(piece) if len(self._runs) == 1 else self._of_many(piece)
        about = [piece["category"]]
        if piece["defect"] is not None:
            about.append(piece["defect"])
        about.append(word("score_of", language, score=f"{piece['score']:.4g}"))
        kind = piece["verdict"] or "label_hidden"
        badge = f'<span class="lb-badge lb-{kind}">{html.escape(word(kind, language))}</span>'
        caption = f"<p><code>{html.escape(piece['image_id'])}</code> {badge} {html.escape(' · '.join(about))}</p>"
        return f'<li>{caption}<div class="lb-layers">{"".join(layers)}</div></li>'

    def _of_one(self, piece: _Piece) -> list[str]:
        (job_id,) = self._runs
        layers = [self._figure("original", [self._picture(job_id, piece, "original")])]
        if "map" in piece["layers"]:
            layers.append(self._figure("map", [self._picture(job_id, piece, "map")]))
        if "mask" in piece["layers"]:
            layers.append(self._figure("mask", [self._picture(job_id, piece, "mask")]))
        if len(layers) > 1:
            layers.append(self._figure("overlay", self._overlay(job_id, piece)))
        return layers

    def _of_many(self, piece: _Piece) -> list[str]:
        first = next(iter(self._runs))
        layers = [self._figure("original", [self._picture(first, piece, "original")])]
        for job_id in self._mapped:
            layers.append(self._figure("overlay", self._overlay(job_id, piece), self._runs[job_id]))
        return layers

    def _overlay(self, job_id: str, piece: _Piece) -> list[str]:
        wanted = ["original", *(["map"] if job_id in self._mapped else ()), "outline"]
        there = [layer for layer in wanted if layer == "map" or layer in piece["layers"]]
        return [self._picture(job_id, piece, layer) for layer in there]

    def _figure(self, layer: str, pictures: Sequence[str], caption: str = "") -> str:
        words = caption or word(f"layer_{layer}", self._viewer.language)
        stacked = "".join(pictures)
        return f'<figure><span class="lb-stack">{stacked}</span><figcaption>{html.escape(words)}</figcaption></figure>'

    def _picture(self, job_id: str, piece: _Piece, layer: str) -> str:
        path = f"api/jobs/{quote(job_id, safe='')}/gallery/{quote(piece['image_id'], safe='')}/{layer}"
        words = word(f"layer_{layer}", self._viewer.language)
        named = html.escape(f"{piece['image_id']}: {words}")
        return f'<img loading="lazy" class="lb-layer-{layer}" src="{PREFIX}{path}" alt="{named}">'


def _has_map(found: Mapping[str, Any]) -> bool:
    return any("map" in piece["layers"] for piece in found["images"])
