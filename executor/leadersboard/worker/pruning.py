"""Prunes every now and then, one worker at a time doing what there is to do."""

import asyncio
import logging
from typing import NoReturn

from leadersboard.maintenance import Busy, maintenance
from leadersboard.ports.monitoring import Counted
from leadersboard.ports.records import RecordsUnavailable
from leadersboard.settings import Settings
from leadersboard.usecases.prune import UNCLAIMED_AFTER, Pruned, Shelves, prune, remove_unclaimed
from leadersboard.usecases.tally import Tally

logger = logging.getLogger(__name__)


async def prune_for_ever(settings: Settings, shelves: Shelves, tally: Tally) -> NoReturn:
    """Prune every `prune_seconds`; what cannot be done now is done next time."""
    while True:
        try:
            pruned = await asyncio.to_thread(_prune, settings, shelves)
        except Busy:
            logger.info("not pruned: a backup is being made")
        except (RecordsUnavailable, OSError) as error:
            logger.warning("not pruned: %s", error)
        else:
            tally.add(Counted.PRUNED_JOBS, pruned.jobs)
            tally.add(Counted.PRUNED_BYTES, pruned.bytes)
        await asyncio.sleep(settings.prune_seconds)


def _prune(settings: Settings, shelves: Shelves) -> Pruned:
    with maintenance(settings):
        remove_unclaimed(UNCLAIMED_AFTER, shelves)
        return prune(settings.retention, shelves)
