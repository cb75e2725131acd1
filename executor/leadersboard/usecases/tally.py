"""What a worker has done since it started, counted."""

import threading
from collections import Counter
from collections.abc import Mapping

from leadersboard.ports.monitoring import Counted


class Tally:
    """Counts from any thread."""

    def __init__(self) -> None:
        self._counts: Counter[Counted] = Counter()
        self._lock = threading.Lock()

    def add(self, what: Counted, times: int = 1) -> None:
        with self._lock:
            self._counts[what] += times

    def counts(self) -> Mapping[Counted, int]:
        """Return all counts, those of zero included."""
        with self._lock:
            return {what: self._counts[what] for what in Counted}
