"""The plots beside a board: an area each, drawn anew when there is something new."""

import html
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from leadersboard_dashboards.figures import score_against_cost, score_over_time
from leadersboard_dashboards.words import word


class Plots:
    """What `box` shows follows what it was last told to draw."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.box = widgets.VBox([])
        self.box.add_class("lb-plots")

    def draw(self, plots: Mapping[str, Any]) -> None:
        """Show `plots`, as the API answers them; nothing where there are no points."""
        if not plots["points"]:
            self.box.children = ()
            return
        figures = (score_over_time(plots, self._language), *score_against_cost(plots, self._language))
        if not self.box.children:
            title = widgets.HTML(f"<h2>{html.escape(word('plots', self._language))}</h2>")
            self.box.children = (title, *(widgets.Output() for _ in figures))
        for area, figure in zip(self.box.children[1:], figures, strict=True):
            area.outputs = ({"output_type": "display_data", "data": figure, "metadata": {}},)
