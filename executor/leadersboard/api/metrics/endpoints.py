"""GET of the metrics, as Prometheus reads them.

Not open to everybody on loopback: behind JupyterHub or another proxy every request comes from there. Names of workers
and how busy they are is the operator's business, so it takes an organiser's token, or one that opens nothing else.
"""

import asyncio
import hmac
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from leadersboard.api.dependencies import Credentials, PlatformDep, get_caller
from leadersboard.api.errors import documented
from leadersboard.api.metrics.families import FAMILIES, Family, Seen
from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import NotAllowed
from leadersboard.ports.records import RecordsUnavailable
from leadersboard.usecases.disk_space import free_bytes

router = APIRouter(tags=["health"])
RECORDS_UP = "leadersboard_records_up"
DISK_FREE = "leadersboard_disk_free_bytes"


async def _may_measure(request: Request, credentials: Credentials, platform: PlatformDep) -> None:
    own = platform.settings.metrics_token
    if own and credentials and hmac.compare_digest(credentials.credentials.encode(), own.encode()):
        return
    caller = await get_caller(request, credentials, platform)
    if not caller.is_organiser:
        raise NotAllowed


@router.get(
    "/metrics",
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus text format"}, **documented(401, 403)},
    response_class=Response,
)
async def get_metrics(request: Request, platform: PlatformDep, _: Annotated[None, Depends(_may_measure)]) -> Response:
    """Say how the platform is, in numbers; docs/reference/metrics.md lists them."""
    latencies: CollectorRegistry = request.app.state.metrics
    text = await asyncio.to_thread(lambda: generate_latest(latencies) + generate_latest(_registry(platform)))
    return Response(text, media_type=CONTENT_TYPE_LATEST)


def _registry(platform: Platform) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Records(platform))
    return registry


class _Records(Collector):
    """Reads everything at once, when it is asked."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def collect(self) -> Iterator[Metric]:
        seen = self._look()
        up = GaugeMetricFamily(
            RECORDS_UP, "Whether the database answers: 1 or 0; where it does not, the rest is missing."
        )
        up.add_metric((), 0 if seen is None else 1)
        yield up
        yield self._disk()
        if seen is not None:
            yield from (_metric(family, seen) for family in FAMILIES)

    def _look(self) -> Seen | None:
        try:
            with self._platform.records.reading() as transaction:
                figures, workers = transaction.figures.take(), transaction.workers.all()
        except RecordsUnavailable:
            return None
        return Seen(self._platform.clock.now(), figures, tuple(workers))

    def _disk(self) -> Metric:
        free = GaugeMetricFamily(DISK_FREE, "Free space where the API's machine keeps a folder.", labels=("folder",))
        for folder in self._platform.settings.disks:
            free.add_metric((folder.name,), free_bytes([folder]))
        return free


def _metric(family: Family, seen: Seen) -> Metric:
    kind = CounterMetricFamily if family.counts else GaugeMetricFamily
    metric = kind(family.name, family.help, labels=family.labels)
    for labels, value in family.samples(seen):
        metric.add_metric(labels, value)
    return metric
