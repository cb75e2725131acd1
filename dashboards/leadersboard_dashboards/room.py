"""How many kernels there are, and whether one more fits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from leadersboard_dashboards.settings import DashboardSettings


class Room:
    """Counts pages that are live or being started on the server's one thread."""

    def __init__(self, kernels: Any, settings: DashboardSettings) -> None:
        self._kernels, self._settings = kernels, settings
        self._starting = 0

    def is_for(self, notebook: str) -> bool:
        """Whether a page of `notebook` can be made live: one that is ready, or one that starts among few others."""
        ready = self._ready()
        live = len(self._kernels.list_kernel_ids()) - ready
        if live >= self._settings.most_viewers:
            return False
        return self._kernels.get_pool_size(notebook) > 0 or self._starting < self._settings.most_starting

    @contextmanager
    def taken(self, notebook: str) -> Iterator[None]:
        """Hold a place while a page of `notebook` is made."""
        starts = self._kernels.get_pool_size(notebook) == 0
        self._starting += starts
        try:
            yield
        finally:
            self._starting -= starts

    def _ready(self) -> int:
        names = self._kernels.notebook_data
        return sum(self._kernels.get_pool_size(name) for name in names)
