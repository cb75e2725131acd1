"""A board that is kept in order while rows come and go: the same order as `ranking`, without sorting it all anew."""

import math
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.ranking import Entry, place_of

# The metrics, badness first; then when it was submitted and which job it is, so that every row has a place of its own.
_Place = tuple[tuple[float, ...], datetime, str]


@dataclass(frozen=True, slots=True)
class Row:
    """What is known by heart of an entry, to order, filter and draw by. Metrics are in the benchmark's order, NaN for
    those that are missing; seconds and bytes as in `Entry`."""

    job_id: str
    user_id: str
    submitted_at: datetime
    scores: tuple[float, ...]
    by_category: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    method: str | None = None
    template: str | None = None
    resource_class: str = ""
    run_seconds: float | None = None
    peak_memory_bytes: int | None = None
    run_id: str | None = None
    is_scored: bool = True
    attempt: int = 1

    @classmethod
    def of(cls, entry: Entry, benchmark: Benchmark) -> "Row":
        names = tuple(benchmark.directions)
        return cls(
            job_id=entry.job_id,
            user_id=entry.user_id,
            submitted_at=entry.submitted_at,
            scores=_in_order(entry.metrics, names),
            by_category={name: _in_order(values, names) for name, values in entry.by_category.items()},
            method=entry.method,
            template=entry.template,
            resource_class=entry.resource_class,
            run_seconds=entry.run_seconds,
            peak_memory_bytes=entry.peak_memory_bytes,
            run_id=entry.run_id,
            is_scored=bool(entry.metrics),
            attempt=entry.attempt,
        )

    def score(self, at: int, category: str = "") -> float:
        """Return the metric that comes `at` this place in the benchmark, over all categories or of one; NaN where it is
        missing."""
        scores = self.by_category.get(category, ()) if category else self.scores
        return scores[at] if scores else math.nan


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with its rank, None where it has no primary metric."""

    rank: int | None
    row: Row
    best_of_user: bool


class Standings:
    """The rows of one version of a benchmark. Not safe for threads by itself."""

    def __init__(self, benchmark: Benchmark) -> None:
        self.benchmark = benchmark
        self._metrics = (benchmark.primary_metric, *benchmark.tie_break)
        self._rows: dict[str, tuple[_Place, Row]] = {}
        self._order: list[_Place] = []
        self._of_user: dict[str, list[_Place]] = {}
        self._best_order: list[_Place] = []

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._rows

    def __iter__(self) -> Iterator[Row]:
        """Yield all rows in the board's order."""
        return (self._rows[place[-1]][1] for place in self._order)

    @property
    def ranked(self) -> int:
        """How many rows have a rank."""
        return bisect_left(self._order, ((math.inf,),))

    @property
    def ranked_users(self) -> int:
        """How many users have a row with a rank."""
        return len(self._best_order)

    def get(self, job_id: str) -> Row | None:
        found = self._rows.get(job_id)
        return None if found is None else found[1]

    def put(self, entries: Iterable[Entry]) -> None:
        """Add entries, or put them in the place of those of the same jobs."""
        fresh = [self._described(entry) for entry in entries]
        for _, row in fresh:
            self.remove(row.job_id)
        many = len(fresh) > max(100, len(self._order) // 20)
        for place, row in fresh:
            self._rows[row.job_id] = (place, row)
            if not many:
                insort(self._order, place)
        if many:
            self._order = sorted(place for place, _ in self._rows.values())
        self._note_users(fresh, at_once=many)

    def remove(self, job_id: str) -> None:
        """Take a job's row off the board, if it is there."""
        found = self._rows.pop(job_id, None)
        if found is None:
            return
        place, row = found
        _discard(self._order, place)
        if _has_rank(place):
            own = self._of_user[row.user_id]
            self._replace_best(own[0], None)
            _discard(own, place)
            if own:
                self._replace_best(None, own[0])
            else:
                del self._of_user[row.user_id]

    def placed(self, row: Row, *, among_best: bool = False) -> Placed:
        """Return the row with its rank among all rows, or among the best of each user."""
        place = self._rows[row.job_id][0]
        if not _has_rank(place):
            return Placed(None, row, best_of_user=False)
        order = self._best_order if among_best else self._order
        return Placed(bisect_left(order, (place[0],)) + 1, row, self._of_user[row.user_id][0] == place)

    def best_rows(self) -> Iterator[Row]:
        """Yield the best row of each user that has a rank, in the board's order."""
        return (self._rows[place[-1]][1] for place in self._best_order)

    def rows_of(self, user_id: str) -> Sequence[Row]:
        """Return the ranked rows of a user, the best first."""
        return [self._rows[place[-1]][1] for place in self._of_user.get(user_id, ())]

    def _described(self, entry: Entry) -> tuple[_Place, Row]:
        key = place_of(entry.metrics, self._metrics, self.benchmark.directions)
        return (key, entry.submitted_at, entry.job_id), Row.of(entry, self.benchmark)

    def _note_users(self, fresh: Sequence[tuple[_Place, Row]], *, at_once: bool) -> None:
        for place, row in fresh:
            if not _has_rank(place):
                continue
            own = self._of_user.setdefault(row.user_id, [])
            before = own[0] if own else None
            insort(own, place)
            if not at_once and own[0] != before:
                self._replace_best(before, own[0])
        if at_once:
            self._best_order = sorted(own[0] for own in self._of_user.values())

    def _replace_best(self, before: _Place | None, now: _Place | None) -> None:
        if before is not None:
            _discard(self._best_order, before)
        if now is not None:
            insort(self._best_order, now)


def _has_rank(place: _Place) -> bool:
    return place[0][0] != math.inf


def _discard(ordered: list[_Place], place: _Place) -> None:
    at = bisect_left(ordered, place)
    if at < len(ordered) and ordered[at] == place:
        del ordered[at]


def _in_order(values: Mapping[str, float], names: Sequence[str]) -> tuple[float, ...]:
    return tuple(float(values.get(name, math.nan)) for name in names)
