"""GET of benchmarks."""

from fastapi import APIRouter

from leadersboard.api.benchmarks.schemas import BenchmarkView
from leadersboard.api.dependencies import CallerDep, LanguageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.bootstrap import Platform
from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.errors import UnknownBenchmarkPage

router = APIRouter(prefix="/benchmarks", tags=["benchmarks"])


@router.get("", responses=documented(401))
def list_benchmarks(caller: CallerDep, platform: PlatformDep, language: LanguageDep) -> list[BenchmarkView]:
    """List the benchmarks of this installation."""
    return [BenchmarkView.of(benchmark, language) for benchmark in platform.benchmarks.all()]


@router.get("/{slug}", responses=documented(401, 404))
def get_benchmark(slug: str, caller: CallerDep, platform: PlatformDep, language: LanguageDep) -> BenchmarkView:
    """Describe one benchmark."""
    return BenchmarkView.of(known_benchmark(slug, platform), language)


def known_benchmark(slug: str, platform: Platform) -> Benchmark:
    """Return the benchmark.

    Raises:
        UnknownBenchmarkPage: there is none.
    """
    benchmark = platform.benchmarks.get(slug)
    if benchmark is None:
        known = ", ".join(one.slug for one in platform.benchmarks.all()) or "none"
        raise UnknownBenchmarkPage(slug=slug[:100], known=known)
    return benchmark
