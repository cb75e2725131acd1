"""The data set of the demonstration benchmark."""

import subprocess
import sys

from leadersboard.datasets import find
from leadersboard.settings import Settings
from leadersboard.supervisor.baselines import DEMONSTRATION
from leadersboard.supervisor.errors import DatasetFailed


def is_prepared(settings: Settings) -> bool:
    return find(settings.data, DEMONSTRATION) is not None


def prepare(settings: Settings) -> None:
    """Generate and prepare it, in a process of its own, so that what that takes is given back at its end.

    Raises:
        DatasetFailed
    """
    done = subprocess.run(
        [sys.executable, "-m", "leadersboard.cli.main", "dataset", "generate", DEMONSTRATION],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise DatasetFailed(said=said[-1] if said else done.returncode)
