"""Benchmarks from folders that hold a `benchmark.toml` and a `score.ipynb`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from leadersboard.datasets import find
from leadersboard.domain.benchmark import Benchmark, Direction, LabelsShown
from leadersboard.domain.errors import DatasetNotReady
from leadersboard.ports.benchmarks import BenchmarkFiles

DEFINITION = "benchmark.toml"
SCORING_NOTEBOOK = "score.ipynb"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dataset(_Strict):
    name: str


class _Metrics(_Strict):
    primary: str
    directions: Mapping[str, Direction]
    tie_break: tuple[str, ...] = ()


class _Limits(_Strict):
    resource_class: str = "small"


class _Definition(_Strict):
    """The text of a `benchmark.toml`."""

    slug: str
    version: str
    title: str
    title_ja: str = ""
    description: str = ""
    description_ja: str = ""
    public: bool = False
    labels_shown: LabelsShown = LabelsShown.SAMPLES
    dataset: _Dataset
    metrics: _Metrics
    limits: _Limits = _Limits()

    @model_validator(mode="after")
    def _metrics_are_known(self) -> "_Definition":
        unknown = {self.metrics.primary, *self.metrics.tie_break} - self.metrics.directions.keys()
        if unknown:
            raise ValueError(f"no direction is given for: {', '.join(sorted(unknown))}")
        return self


class TomlBenchmarks:
    """The `Benchmarks` port over `folder/SLUG/`, with data sets prepared below `data_root`.

    Definitions are read once: a benchmark that changes gets a new version, and the processes are started again.

    Raises:
        ValueError: a definition cannot be used; the sentence names the file.
    """

    def __init__(self, folder: Path, data_root: Path) -> None:
        self._folder = folder
        self._data_root = data_root
        self._known = {one.slug: one for one in map(_read, sorted(folder.glob(f"*/{DEFINITION}")))}

    def all(self) -> Sequence[Benchmark]:
        return [self._with_data(benchmark) for benchmark in self._known.values()]

    def get(self, slug: str) -> Benchmark | None:
        known = self._known.get(slug)
        return None if known is None else self._with_data(known)

    def _with_data(self, benchmark: Benchmark) -> Benchmark:
        """Return the benchmark with its data in its version: scores on other images cannot be compared."""
        dataset = find(self._data_root, benchmark.dataset)
        return (
            benchmark if dataset is None else replace(benchmark, version=f"{benchmark.version}-{dataset.version[:8]}")
        )

    def files(self, benchmark: Benchmark) -> BenchmarkFiles:
        dataset = find(self._data_root, benchmark.dataset)
        if dataset is None:
            raise DatasetNotReady(dataset=benchmark.dataset)
        folder = self._folder / benchmark.slug
        return BenchmarkFiles(
            definition=folder / DEFINITION,
            scoring_notebook=folder / SCORING_NOTEBOOK,
            public=dataset.public,
            hidden=dataset.hidden,
        )


def _read(path: Path) -> Benchmark:
    try:
        definition = _Definition.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if definition.slug != path.parent.name:
        raise ValueError(f"{path}: the slug {definition.slug!r} must be the name of its folder")
    return Benchmark(
        slug=definition.slug,
        version=definition.version,
        title={"en": definition.title, "ja": definition.title_ja or definition.title},
        description={"en": definition.description, "ja": definition.description_ja or definition.description},
        dataset=definition.dataset.name,
        primary_metric=definition.metrics.primary,
        directions=definition.metrics.directions,
        tie_break=definition.metrics.tie_break,
        default_resource_class=definition.limits.resource_class,
        public=definition.public,
        labels_shown=definition.labels_shown,
    )
