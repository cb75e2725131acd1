"""All boards of an installation, and the thread that asks the tracking server now and then."""

import logging
import threading

from leadersboard.board.model import BoardModel
from leadersboard.domain.benchmark import Benchmark
from leadersboard.ports.clock import Clock
from leadersboard.ports.records import Records, RecordsUnavailable
from leadersboard.ports.runs import Runs, Statistics

logger = logging.getLogger(__name__)
# Between parts of a long history: the tracking server has others to answer too.
_BREATH_SECONDS = 0.5
# How many more runs make a search be planned wrongly by what was known of fewer.
_GROWTH, _FEW = 1.25, 100


class Boards:
    """The boards that were asked for, each read once and then kept up to date."""

    def __init__(self, records: Records, runs: Runs, statistics: Statistics, clock: Clock, look_seconds: float) -> None:
        self._records, self._runs, self._clock = records, runs, clock
        self._statistics = statistics
        self._counted: int | None = None
        self._look_seconds = look_seconds
        self._models: dict[str, BoardModel] = {}
        self._lock = threading.Lock()
        self._told, self._ended = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def model(self, benchmark: Benchmark) -> BoardModel:
        """Return the board of the benchmark's present version; it may hold nothing yet."""
        with self._lock:
            known = self._models.get(benchmark.slug)
            if known is None or known.benchmark != benchmark:
                known = BoardModel(benchmark, self._records, self._runs, self._clock)
                self._models[benchmark.slug] = known
                self._told.set()
            return known

    def fresh(self, benchmark: Benchmark) -> BoardModel:
        """Return the board with all that the records have.

        Raises:
            RecordsUnavailable
        """
        model = self.model(benchmark)
        model.refresh()
        return model

    def start(self) -> None:
        """Begin to ask the tracking server."""
        self._thread = threading.Thread(target=self._look_on, name="boards", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the asking; a question that is under way is waited for."""
        self._ended.set()
        self._told.set()
        if self._thread is not None:
            self._thread.join()
        self._runs.close()

    def _look_on(self) -> None:
        while not self._ended.is_set():
            self._told.clear()
            self._keep_statistics()
            more = [self._look(model) for model in list(self._models.values())]
            self._told.wait(_BREATH_SECONDS if any(more) else self._look_seconds)

    def _keep_statistics(self) -> None:
        """Have the statistics taken anew at the start, and whenever there is much more than they tell of."""
        rows = sum(len(model.tracked) for model in list(self._models.values()))
        if self._counted is not None and rows < self._counted * _GROWTH + _FEW:
            return
        if self._statistics.refresh():
            self._counted = rows

    def _look(self, model: BoardModel) -> bool:
        try:
            model.refresh()
            return model.look_at_tracking()
        except RecordsUnavailable as problem:
            logger.warning("the board of %s could not be brought up to date: %s", model.benchmark.slug, problem)
        except Exception:
            # One board that cannot be read must not keep the others from being looked at.
            logger.exception("the board of %s could not be brought up to date", model.benchmark.slug)
        return False
