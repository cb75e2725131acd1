"""Plots of a board, in the form that plotly draws; the library itself is the browser's, not the kernel's."""

from collections.abc import Mapping, Sequence
from typing import Any

from leadersboard_dashboards.words import word

_MIME = "application/vnd.plotly.v1+json"
_MIB = 1024**2
_POINT, _LINE = "#4c78a8", "#e45756"


def score_over_time(plots: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return every run at the time of its submission, and the best score so far as a line."""
    points: Sequence[Mapping[str, Any]] = plots["points"]
    steps = [points[at] for at in plots["best_line"]]
    xs = [point["submitted_at"] for point in steps]
    ys = [point["score"] for point in steps]
    if points:
        # The best so far holds until now.
        xs, ys = [*xs, points[-1]["submitted_at"]], [*ys, *ys[-1:]]
    line = {**_line(xs, ys, word("best_so_far", language)), "line": {"shape": "hv", "color": _LINE}}
    dots = _dots(points, [point["submitted_at"] for point in points], word("runs", language))
    return _figure([dots, line], plots, word("over_time", language), word("date", language))


def score_against_cost(plots: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Return the scores against run time and against memory, each with what nothing beats in both."""
    return [
        _against(plots, language, "run_seconds", 1, "time_front", "seconds"),
        _against(plots, language, "peak_memory_bytes", _MIB, "memory_front", "memory"),
    ]


def _against(plots: Mapping[str, Any], language: str, name: str, unit: float, front: str, title: str) -> dict[str, Any]:
    points = [point for point in plots["points"] if point[name] is not None]
    best = [plots["points"][at] for at in plots[front]]
    dots = _dots(points, [point[name] / unit for point in points], word("runs", language))
    xs, ys = [point[name] / unit for point in best], [point["score"] for point in best]
    line = {**_line(xs, ys, word("front", language)), "line": {"shape": "hv", "color": _LINE}}
    return _figure([dots, line], plots, word(f"against_{title}", language), word(f"axis_{title}", language))


def _dots(points: Sequence[Mapping[str, Any]], xs: Sequence[object], name: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": list(xs),
        "y": [point["score"] for point in points],
        "text": [f"{point['user_id']} · {point['method'] or point['job_id'][:8]}" for point in points],
        "marker": {"color": _POINT, "size": 7, "opacity": 0.8},
    }


def _line(xs: Sequence[object], ys: Sequence[float], name: str) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines+markers", "name": name, "x": list(xs), "y": list(ys)}


def _figure(data: list[dict[str, Any]], plots: Mapping[str, Any], title: str, axis: str) -> dict[str, Any]:
    category = plots["category"]
    score = plots["primary_metric"] + (f" ({category})" if category else "")
    grid = {"gridcolor": "rgba(128,128,128,.25)", "zerolinecolor": "rgba(128,128,128,.4)"}
    layout = {
        "title": {"text": title},
        "xaxis": {"title": {"text": axis}, **grid},
        "yaxis": {"title": {"text": score}, **grid},
        # Readable on light and dark ground.
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "#7d8a97"},
        "height": 360,
        "margin": {"l": 60, "r": 20, "t": 50, "b": 50},
        "legend": {"orientation": "h", "y": 1.12, "x": 1, "xanchor": "right"},
    }
    return {_MIME: {"data": data, "layout": layout, "config": {"responsive": True, "displayModeBar": False}}}
