"""docs/benchmarks.md and its plot, from what was measured."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

PAGE = Path("docs/benchmarks.md")
PLOT = Path("docs/images/bench-http.png")


def write(found: dict[str, Any]) -> None:
    """Write the page and the plot."""
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    _plot(found["http"])
    PAGE.write_text(
        "\n".join([_head(found["machine"]), _http(found["http"]), _runs(found["runs"]), _memory(found["memory"])])
    )


def _head(machine: dict[str, Any]) -> str:
    return f"""# Benchmarks

`make bench ARGS=--write-docs` measures all of this and writes this page. Single times say little about another
machine; the ratios are against something measured beside it, in the same run.

Measured on {machine["date"]}: {machine["processor"]}, {machine["cores"]} cores, {machine["memory_gib"]} GiB,
Python {machine["python"]}. Clients and servers shared these cores.
"""


def _http(found: dict[str, Any]) -> str:
    rows = [
        f"| {name} | {one['ours']['p50_ms']:.1f} | {one['ours']['p95_ms']:.1f} | {one['ours']['p99_ms']:.1f} "
        f"| {one['ours']['per_second']:.0f} | {one['bare']['p95_ms']:.1f} | {one['p95_ratio']:.2f} |"
        for name, one in found.items()
    ]
    return f"""## The API, 8 clients

Milliseconds; a submission is a notebook of 20 KB. "Bare" is the same framework answering the same request and doing
nothing. Jobs wait: no worker runs. SQLite, each accepted request on disk before it is answered.

| request | P50 | P95 | P99 | a second | bare P95 | ratio of P95 |
|---|---|---|---|---|---|---|
{chr(10).join(rows)}

The original asks for a P95 of 500, 100 and 200 ms for the three requests; its own server gave 34 ms and 316 a second,
698 ms and 23 a second once 400 jobs exist, and 23 ms and 486 a second.

![P95 of each request against the bare framework](images/{PLOT.name})
"""


def _runs(found: dict[str, Any]) -> str:
    rows = [
        f"| {name} | {one['first_output_s']:.2f} | {one['whole_s']:.2f} | {one['papermill_s']:.2f} | {one['ratio']:.2f} |"
        for name, one in found.items()
    ]
    return f"""## From a job to its first output, and to its end

Seconds, medians, against `papermill` on the command line for the same notebook in turn. From `POST /jobs` to the
first printed line in the event stream, and to its end, without a benchmark, so that no scoring is in it.

| notebook | first output | whole way | papermill | ratio |
|---|---|---|---|---|
{chr(10).join(rows)}
"""


def _memory(found: dict[str, Any]) -> str:
    rows = [f"| {name} | {value:.0f} |" for name, value in found["memory_mib"].items()]
    return f"""## At rest

`leadersboard up --detach --no-baselines` takes {found["first_start_s"]:.1f} s the first time in an empty folder, and
{found["second_start_s"]:.1f} s the second. What each part then holds (proportional set size, with its children):

| part | MiB |
|---|---|
{chr(10).join(rows)}
"""


def _plot(found: dict[str, Any]) -> None:
    names = list(found)
    figure, axes = plt.subplots(figsize=(8, 0.6 * len(names) + 1.2), layout="constrained")
    places = range(len(names))
    axes.barh(
        [place + 0.2 for place in places],
        [found[n]["ours"]["p95_ms"] for n in names],
        0.4,
        label="LeadersBoard",
        color="#0072B2",
    )
    axes.barh(
        [place - 0.2 for place in places],
        [found[n]["bare"]["p95_ms"] for n in names],
        0.4,
        label="bare framework",
        color="#E69F00",
    )
    axes.set(yticks=list(places), yticklabels=names, xlabel="P95, ms (8 clients)")
    axes.invert_yaxis()
    axes.legend()
    figure.savefig(PLOT, dpi=110)
