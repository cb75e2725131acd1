"""When a waiting job will start: the queue played forward by the rule that workers go by.

Users take turns: whoever runs least comes first, then whoever was served longest ago, then whose oldest job is oldest;
nobody runs more than their share. How long jobs take is known from earlier ones of the same user, else of everybody.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# A run that is past its usual time is not about to end: it has about this part of it still before it.
_LATE_PART = 0.25
# How many runs everybody's mean counts for in a user's own, so that a single odd run does not decide.
_PRIOR_RUNS = 0.2


@dataclass(frozen=True, slots=True)
class Lane:
    """The waiting jobs of one user, and what decides about their turn."""

    user_id: str
    waiting: int
    last_served: datetime
    oldest: datetime


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job that holds a slot."""

    user_id: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as it stands: `slots` is how many jobs run at once, `run_seconds` the newest durations by user."""

    now: datetime
    lanes: Sequence[Lane]
    running: Sequence[RunningJob]
    slots: int
    run_seconds: Mapping[str, Sequence[float]]
    max_running_per_user: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many jobs start before, and in how many seconds the job does; None where no run tells how long they take."""

    ahead: int
    seconds: float | None


def forecast(queue: Queue, user_id: str, own_ahead: int) -> Forecast:
    """Return the outlook of the job of `user_id` that has `own_ahead` of their own jobs before it."""
    durations = _Durations(queue.run_seconds)
    play = _Play(queue, durations)
    ahead = 0
    while (started := play.start_next()) is not None:
        if started == user_id:
            if own_ahead == 0:
                return Forecast(ahead, play.seconds if durations.are_known else None)
            own_ahead -= 1
        ahead += 1
    # It is no longer waiting, or its user runs what they may and nothing else is known.
    return Forecast(ahead, None)


class _Durations:
    """What a run of each user takes, in seconds: a mean, because starts are sums of runs."""

    def __init__(self, by_user: Mapping[str, Sequence[float]]) -> None:
        runs = [seconds for one in by_user.values() for seconds in one]
        self.are_known = bool(runs)
        self._of_all = sum(runs) / len(runs) if runs else 1.0
        self._of = {user: self._shrunk(own) for user, own in by_user.items()}

    def of(self, user_id: str) -> float:
        return self._of.get(user_id, self._of_all)

    def left(self, job: RunningJob, now: datetime) -> float:
        whole = self.of(job.user_id)
        return max(whole - (now - job.started_at).total_seconds(), _LATE_PART * whole)

    def _shrunk(self, own: Sequence[float]) -> float:
        return (sum(own) + _PRIOR_RUNS * self._of_all) / (len(own) + _PRIOR_RUNS)


@dataclass(slots=True)
class _User:
    waiting: int
    last_served: datetime
    oldest: datetime
    running: int = 0
    turn: tuple[int, datetime, datetime] | None = field(default=None)


class _Play:
    """The queue as it goes on; each call starts one job."""

    def __init__(self, queue: Queue, durations: _Durations) -> None:
        self._queue = queue
        self._durations = durations
        self.seconds = 0.0
        self._users = {lane.user_id: _User(lane.waiting, lane.last_served, lane.oldest) for lane in queue.lanes}
        self._ends = [(durations.left(job, queue.now), job.user_id) for job in queue.running]
        heapq.heapify(self._ends)
        for job in queue.running:
            if job.user_id in self._users:
                self._users[job.user_id].running += 1
        self._free = max(queue.slots - len(queue.running), 0)
        self._turns: list[tuple[tuple[int, datetime, datetime], str]] = []
        for user_id in self._users:
            self._line_up(user_id)

    def start_next(self) -> str | None:
        """Start the next job and return whose it is; `seconds` is when. None where nothing starts any more."""
        while True:
            user_id = self._next_user() if self._free else None
            if user_id is not None:
                self._start(user_id)
                return user_id
            if not self._ends:
                return None
            self._end()

    def _next_user(self) -> str | None:
        while self._turns:
            turn, user_id = heapq.heappop(self._turns)
            # A turn that was lined up before something about its user changed is void.
            if self._users[user_id].turn == turn:
                return user_id
        return None

    def _start(self, user_id: str) -> None:
        user = self._users[user_id]
        user.waiting -= 1
        user.running += 1
        user.last_served = self._queue.now + timedelta(seconds=self.seconds)
        self._free -= 1
        heapq.heappush(self._ends, (self.seconds + self._durations.of(user_id), user_id))
        self._line_up(user_id)

    def _end(self) -> None:
        self.seconds, user_id = heapq.heappop(self._ends)
        self._free += 1
        if user_id in self._users:
            self._users[user_id].running -= 1
            self._line_up(user_id)

    def _line_up(self, user_id: str) -> None:
        user = self._users[user_id]
        may = user.waiting > 0 and user.running < self._queue.max_running_per_user
        user.turn = (user.running, user.last_served, user.oldest) if may else None
        if user.turn is not None:
            heapq.heappush(self._turns, (user.turn, user_id))
