"""How many kernels there are, and whether one more fits."""

from enum import StrEnum
from typing import Any

from leadersboard_dashboards.settings import DashboardSettings


class Answer(StrEnum):
    """Whether a page can be live: `yes`, in a moment (`starting`), or when others have left (`busy`)."""

    YES = "yes"
    STARTING = "starting"
    BUSY = "busy"


class Room:
    """Counts live pages, on the server's one thread."""

    def __init__(self, kernels: Any, settings: DashboardSettings) -> None:
        self._kernels, self._settings = kernels, settings

    def for_page_of(self, notebook: str) -> Answer:
        """Return whether a page of `notebook` can be live. Of those that are kept ready one has to be; of the others
        each starts for its viewer."""
        waiting = sum(self._kernels.get_pool_size(name) for name in self._kernels.notebook_data)
        if len(self._kernels.list_kernel_ids()) - waiting >= self._settings.most_viewers:
            return Answer.BUSY
        return Answer.YES if self._is_ready(notebook) else Answer.STARTING

    def _is_ready(self, notebook: str) -> bool:
        if self._kernels.get_pool_size(notebook) == 0:
            return True
        # Voilà counts those that are being started as well, and would let the viewer wait for the first in the row.
        first = self._kernels._pools[notebook][0]
        if not first.done():
            return False
        # Its kernel is there then; what it imports, which takes seconds, is in the cell before the one that waits.
        executor = getattr(first.result()["renderer"], "executor", None)
        return executor is not None and executor.code_cells_executed > 0
