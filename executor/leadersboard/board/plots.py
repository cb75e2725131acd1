"""A board as points to draw: no more than a browser draws at ease, and none missing that matters."""

import math
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from leadersboard.domain.progress import best_so_far, pareto_front
from leadersboard.domain.standings import Row, Standings

MOST_POINTS = 1500


@dataclass(frozen=True, slots=True)
class Plots:
    """Rows to draw with the score of each, and which of them make up the lines: indices into `rows`."""

    rows: Sequence[Row]
    scores: Sequence[float]
    best_line: Sequence[int]
    time_front: Sequence[int]
    memory_front: Sequence[int]
    left_out: int = 0


def plots_of(standings: Standings, rows: Collection[Row], category: str = "") -> Plots:
    """Return what is drawn of `rows`, which have places in `standings`, by their primary metric, over all categories or
    of one."""
    benchmark = standings.benchmark
    at = list(benchmark.directions).index(benchmark.primary_metric)
    direction = benchmark.directions[benchmark.primary_metric]
    score = {row.job_id: row.score(at, category) for row in rows}
    scored = sorted((row for row in rows if math.isfinite(score[row.job_id])), key=lambda row: row.submitted_at)
    steps = dict.fromkeys(best_so_far(((row.submitted_at, score[row.job_id]) for row in scored), direction))
    line = [row for row in scored if steps.pop((row.submitted_at, score[row.job_id]), 0) is None]
    timed = [(row, row.run_seconds) for row in scored if row.run_seconds is not None]
    sized = [(row, row.peak_memory_bytes) for row in scored if row.peak_memory_bytes is not None]
    fast, small = (
        [costs[i][0] for i in pareto_front([(cost, score[row.job_id]) for row, cost in costs], direction)]
        for costs in (timed, sized)
    )
    shown = _thinned(scored, [*line, *fast, *small])
    index = {row.job_id: number for number, row in enumerate(shown)}
    return Plots(
        rows=shown,
        scores=[score[row.job_id] for row in shown],
        best_line=[index[row.job_id] for row in line],
        time_front=[index[row.job_id] for row in fast],
        memory_front=[index[row.job_id] for row in small],
        left_out=len(scored) - len(shown),
    )


def _thinned(rows: Sequence[Row], needed: Sequence[Row]) -> Sequence[Row]:
    """Return `needed` and, of the others, so many by chance that a browser can draw them: the same ones each time."""
    if len(rows) <= MOST_POINTS:
        return rows
    kept = {row.job_id for row in needed}
    others = [row for row in rows if row.job_id not in kept]
    chosen = random.Random(0).sample(others, max(0, min(len(others), MOST_POINTS - len(kept))))  # noqa: S311 - a drawing
    return sorted([*_once(needed), *chosen], key=lambda row: row.submitted_at)


def _once(rows: Iterable[Row]) -> list[Row]:
    return list({row.job_id: row for row in rows}.values())
