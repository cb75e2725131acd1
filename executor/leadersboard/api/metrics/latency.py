"""How long requests take, by the template of their route: as a metric, and as a log line where something is worth it."""

import logging
import time

from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)
LATENCY = "leadersboard_api_request_seconds"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
# Addresses that nobody has thought of are many; together they are one.
_NO_ROUTE = "none"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def latencies(registry: CollectorRegistry) -> Histogram:
    """Return the histogram, in seconds until an answer begins: streams last as long as jobs."""
    return Histogram(
        LATENCY,
        "Seconds until the API's answer begins.",
        ("method", "route", "status"),
        buckets=_BUCKETS,
        registry=registry,
    )


class Latency:
    """ASGI middleware: measures every answer, and logs those that changed something or failed.

    It is the innermost one: the route is known to it because nobody copies the scope on the way.
    """

    def __init__(self, app: ASGIApp, histogram: Histogram) -> None:
        self._app = app
        self._histogram = histogram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        answered = False

        async def measured(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                self._note(scope, message["status"], time.monotonic() - began)
            await send(message)

        try:
            await self._app(scope, receive, measured)
        except Exception:
            if not answered:
                self._note(scope, 500, time.monotonic() - began)
            raise

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", _NO_ROUTE)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._histogram.labels(method, route, str(status)).observe(seconds)
        if status >= 500 or (method not in ("GET", "HEAD", "OPTIONS") and status < 400):
            extra = {
                "method": method,
                "route": route,
                "status": status,
                "seconds": round(seconds, 4),
                **_whose(scope),
            }
            logger.log(
                logging.ERROR if status >= 500 else logging.INFO, "%s %s: %d", method, route, status, extra=extra
            )


def _whose(scope: Scope) -> dict[str, str]:
    about = {"job_id": scope.get("path_params", {}).get("job_id"), "user": scope.get("state", {}).get("user_id")}
    return {name: str(value)[:200] for name, value in about.items() if value is not None}
