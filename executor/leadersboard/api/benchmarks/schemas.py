"""Benchmarks as they are answered."""

from typing import Self

from pydantic import BaseModel

from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.errors import Language


class BenchmarkView(BaseModel):
    """`metrics` gives each metric's direction, `maximize` or `minimize`."""

    slug: str
    version: str
    title: str
    description: str
    dataset: str
    primary_metric: str
    tie_break: list[str]
    metrics: dict[str, str]
    default_resource_class: str
    public: bool

    @classmethod
    def of(cls, benchmark: Benchmark, language: Language) -> Self:
        return cls(
            slug=benchmark.slug,
            version=benchmark.version,
            title=benchmark.title[language],
            description=benchmark.description[language],
            dataset=benchmark.dataset,
            primary_metric=benchmark.primary_metric,
            tie_break=list(benchmark.tie_break),
            metrics={name: direction.value for name, direction in benchmark.directions.items()},
            default_resource_class=benchmark.default_resource_class,
            public=benchmark.public,
        )
