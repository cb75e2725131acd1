"""One benchmark's board, kept in order.

A row is there because the platform's records hold a completed job whose result verifies; nothing else puts one there.
What the tracking server holds is asked for as well, in parts: it confirms rows, and runs that no job of the platform
made are passed over.
"""

import secrets
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar, cast

from leadersboard.board.tracked import Tracked
from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.ranking import Entry
from leadersboard.domain.standings import Standings
from leadersboard.ports.clock import Clock
from leadersboard.ports.records import Records, Transaction
from leadersboard.ports.runs import Runs, TrackedRun
from leadersboard.ports.tracking import TrackingUnavailable

T = TypeVar("T")
# Jobs end on machines whose clocks differ, and are seen when their transaction is over.
_OVERLAP = timedelta(minutes=2)
_AT_ONCE = 500
# How often rows are counted, and those that did not verify are judged again.
_SWEEP_SECONDS = 5.0


@dataclass
class _Known:
    """What is known of the records: which jobs were judged, which were found wanting, how far was read."""

    judged: set[str] = field(default_factory=set)
    wanting: set[str] = field(default_factory=set)
    read_until: datetime | None = None
    swept_at: float = float("-inf")
    hidden: Mapping[str, str] = field(default_factory=dict)


class BoardModel:
    """The board of one version of a benchmark, for all threads.

    Methods that read the records raise RecordsUnavailable.
    """

    def __init__(self, benchmark: Benchmark, records: Records, runs: Runs, clock: Clock) -> None:
        self.benchmark = benchmark
        self.standings = Standings(benchmark)
        self.tracked = Tracked()
        # Held while the standings are read or changed.
        self.lock = threading.RLock()
        self.revision = 0
        # Other processes, and this one after a start, count their revisions from 0 as well.
        self.identity = secrets.token_hex(8)
        self.read_at = clock.now()
        self._remembered: dict[str, tuple[int, object]] = {}
        self._records, self._runs, self._clock = records, runs, clock
        self._known = _Known()
        self._looking = threading.Lock()

    def refresh(self) -> None:
        """Take in what the records have had since the last time."""
        with self.lock, self._records.reading() as transaction:
            now = self._clock.now()
            boards = transaction.boards
            self._read_hidden(transaction)
            since = self._known.read_until
            seen = boards.completed_since(self.benchmark.slug, self.benchmark.version, since and since - _OVERLAP)
            self._judge([one.job_id for one in seen if one.job_id not in self._known.judged], transaction)
            if seen:
                self._known.read_until = max(since or seen[-1].finished_at, seen[-1].finished_at)
            self._sweep(transaction)
            self.read_at = now

    def judge_now(self, job_ids: Collection[str]) -> Mapping[str, Entry]:
        """Return these rows' entries as the records hold them at this moment; those that no longer verify leave the
        board."""
        with self._records.reading() as transaction:
            found = transaction.boards.judged(job_ids)
        gone = [job_id for job_id in job_ids if found.get(job_id) is None]
        if gone:
            with self.lock:
                self._take_off(gone)
                self._known.wanting.update(gone)
        return {job_id: entry for job_id, entry in found.items() if entry is not None}

    def look_at_tracking(self) -> bool:
        """Ask the tracking server for what has ended since the last look; return whether there may be more.

        Only one thread looks at a time; others have nothing to do.
        """
        if not self._looking.acquire(blocking=False):
            return False
        try:
            return self._look()
        except TrackingUnavailable as problem:
            self.tracked.failed(str(problem), self._clock.now())
            return False
        finally:
            self._looking.release()

    def remembered(self, what: str, work_out: Callable[[], T]) -> T:
        """Return what `work_out` returns, or returned since the board last changed; it runs with the lock held."""
        with self.lock:
            known = self._remembered.get(what)
            if known is None or known[0] != self.revision:
                known = self._remembered[what] = (self.revision, work_out())
            return cast(T, known[1])

    def hidden(self) -> Mapping[str, str]:
        """Return the hidden rows of all boards, each with its reason, as of the last refresh."""
        return self._known.hidden

    def _look(self) -> bool:
        slug = self.benchmark.slug
        began = self._clock.now()
        runs = self._runs.ended_since(slug, self.tracked.read_until, _AT_ONCE)
        self._confirm(runs)
        more = self.tracked.advance(runs, _AT_ONCE)
        late = self._late()
        if late and not more:
            self._confirm(self._runs.with_ids(slug, late))
        self.tracked.answered(began)
        return more

    def _confirm(self, runs: Sequence[TrackedRun]) -> None:
        with self.lock:
            before = self.tracked.revision
            for run in runs:
                self.tracked.take(run, self.standings)
            if self.tracked.revision != before:
                self.revision += 1

    def _late(self) -> Sequence[str]:
        """Return runs that were recorded behind our back: they ended before what was read up to."""
        with self.lock:
            if len(self.tracked) >= len(self.standings):
                return []
            waiting = {row.job_id: row.run_id for row in self.standings if not self.tracked.knows(row.job_id)}
        open_ones = {job_id: run_id for job_id, run_id in waiting.items() if run_id}
        if not open_ones:
            return []
        ids = sorted(open_ones)[:_AT_ONCE]
        with self._records.reading() as transaction:
            unrecorded = transaction.boards.unrecorded(ids)
        return [open_ones[job_id] for job_id in ids if job_id not in unrecorded]

    def _read_hidden(self, transaction: Transaction) -> None:
        hidden = transaction.boards.hidden()
        if hidden == self._known.hidden:
            return
        shown_again = self._known.hidden.keys() - hidden.keys()
        self._known.hidden = hidden
        self._take_off(hidden)
        self._judge(sorted(shown_again & self._known.judged), transaction)

    def _judge(self, job_ids: Sequence[str], transaction: Transaction) -> None:
        for start in range(0, len(job_ids), _AT_ONCE):
            part = job_ids[start : start + _AT_ONCE]
            found = transaction.boards.judged(part)
            good = [entry for entry in found.values() if entry is not None]
            self._known.wanting.difference_update(entry.job_id for entry in good)
            self._known.wanting.update(job_id for job_id, entry in found.items() if entry is None)
            self._known.judged.update(part)
            fresh = [entry for entry in good if entry.job_id not in self._known.hidden]
            if fresh:
                self.standings.put(fresh)
                self.revision += 1

    def _sweep(self, transaction: Transaction) -> None:
        if time.monotonic() - self._known.swept_at < _SWEEP_SECONDS:
            return
        count = transaction.boards.completed_count(self.benchmark.slug, self.benchmark.version)
        if count != len(self._known.judged):
            self._start_over(transaction)
        if self._known.wanting:
            # An operator may have signed them since.
            self._judge(sorted(self._known.wanting)[:_AT_ONCE], transaction)
        self._known.swept_at = time.monotonic()

    def _start_over(self, transaction: Transaction) -> None:
        """Read again which jobs are completed: some came with a clock that is far off, or are there no more."""
        seen = {
            one.job_id for one in transaction.boards.completed_since(self.benchmark.slug, self.benchmark.version, None)
        }
        gone = self._known.judged - seen
        self._take_off(gone)
        self._known.judged -= gone
        self._known.wanting -= gone
        self._judge(sorted(seen - self._known.judged), transaction)

    def _take_off(self, job_ids: Collection[str]) -> None:
        for job_id in job_ids:
            if job_id in self.standings:
                self.standings.remove(job_id)
                self.revision += 1
