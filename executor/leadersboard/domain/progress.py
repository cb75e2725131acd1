"""What a plot of a board shows: the best so far, and what nothing beats in both score and cost."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from leadersboard.domain.benchmark import Direction


def best_so_far(points: Iterable[tuple[datetime, float]], direction: Direction) -> list[tuple[datetime, float]]:
    """Return the points, in the order of time, at which the best score up to then was raised."""
    sign = 1 if direction is Direction.MAXIMIZE else -1
    steps: list[tuple[datetime, float]] = []
    for moment, score in sorted(points):
        if not steps or sign * score > sign * steps[-1][1]:
            steps.append((moment, score))
    return steps


def pareto_front(points: Sequence[tuple[float, float]], direction: Direction) -> list[int]:
    """Return the indices of those (cost, score) that no other point beats, the cheapest first.

    A point beats another if it costs no more, scores no worse, and one of the two is better. Of equal points the first
    stands for all.
    """
    sign = -1 if direction is Direction.MAXIMIZE else 1
    front: list[int] = []
    best = float("inf")
    for index in sorted(range(len(points)), key=lambda i: (points[i][0], sign * points[i][1], i)):
        if sign * points[index][1] < best:
            front.append(index)
            best = sign * points[index][1]
    return front
