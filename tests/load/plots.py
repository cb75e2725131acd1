"""The plots of docs/benchmarks.md, one a part."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Figures = Mapping[str, Any]
# Okabe and Ito's colours, which most people can tell apart.
_OURS, _BESIDE, _AIM = "#0072B2", "#999999", "#D55E00"
_LEVELS_ARE_LINEAR_BELOW = 100


def draw_http(figures: Figures, folder: Path) -> None:
    """Draw the P95 of POST /jobs over the number of jobs, with the bare application's beside it."""
    figure, axes = _axes()
    counts = [level["before"] for level in figures["jobs"]]
    for side, label, colour in (("platform", "POST /jobs", _OURS), ("bare", "bare application", _BESIDE)):
        axes.plot(counts, [one["post"][side]["p95_ms"] for one in figures["jobs"]], "o-", color=colour, label=label)
    axes.axhline(20, color=_AIM, linestyle="--", label="our aim")
    axes.plot([400], [698], "x", color="black", label="the original, 400 jobs")
    axes.set_xscale("symlog", linthresh=_LEVELS_ARE_LINEAR_BELOW)
    axes.set_yscale("log")
    axes.set(xlabel="jobs in the records", ylabel="P95, ms", xlim=(-10, None))
    axes.legend()
    _save(figure, folder / "bench-http.png")


def draw_trips(figures: Figures, folder: Path) -> None:
    """Draw the median seconds of each notebook, to its first output and to its end."""
    figure, axes = _axes()
    names = [f"{notebook}, {moment}" for notebook, moment in _trips()]
    for offset, side, label, colour in (
        (-0.2, "platform", "platform", _OURS),
        (0.2, "papermill", "papermill", _BESIDE),
    ):
        values = [figures[notebook][moment][side]["median"] for notebook, moment in _trips()]
        axes.barh([place + offset for place in range(len(names))], values, 0.4, color=colour, label=label)
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    axes.invert_yaxis()
    axes.set_xlabel("seconds, median")
    axes.legend()
    _save(figure, folder / "bench-trips.png")


def draw_memory(figures: Figures, folder: Path) -> None:
    """Draw the memory of each process."""
    figure, axes = _axes()
    found = figures["processes"]
    names = [f"{one['part']}, {one['name']}" for one in found]
    axes.barh(range(len(found)), [one["pss_bytes"] / 2**20 for one in found], color=_OURS)
    axes.set_yticks(range(len(found)), names)
    axes.axvline(figures["bare_pss_bytes"] / 2**20, color=_BESIDE, linestyle="--", label="bare application")
    axes.invert_yaxis()
    axes.set_xlabel("PSS, MiB")
    axes.legend()
    _save(figure, folder / "bench-memory.png")


OF_PARTS: Mapping[str, Callable[[Figures, Path], None]] = {
    "http": draw_http,
    "trips": draw_trips,
    "rest": draw_memory,
}


def _trips() -> list[tuple[str, str]]:
    return [(notebook, moment) for notebook in ("trivial", "anomalib") for moment in ("first_output", "whole")]


def _axes() -> tuple[Figure, Axes]:
    mpl.use("Agg")
    return plt.subplots(figsize=(7, 3.5), layout="constrained")


def _save(figure: Figure, path: Path) -> None:
    # Without the version of the program in it, the same figures give the same file.
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)
