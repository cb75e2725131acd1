"""Which benchmarks there are, and where their data and scoring notebooks lie on this machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from leadersboard.domain.benchmark import Benchmark


@dataclass(frozen=True, slots=True)
class BenchmarkFiles:
    """What running and scoring need. `hidden` is never shown to submitted code."""

    definition: Path
    scoring_notebook: Path
    public: Path
    hidden: Path


class Benchmarks(Protocol):
    """The benchmarks of this installation. A benchmark's version changes with its data set."""

    def all(self) -> Sequence[Benchmark]: ...

    def get(self, slug: str) -> Benchmark | None: ...

    def files(self, benchmark: Benchmark) -> BenchmarkFiles:
        """Return where the benchmark's files lie.

        Raises:
            DatasetNotReady: its data set has not been prepared here.
        """
        ...
