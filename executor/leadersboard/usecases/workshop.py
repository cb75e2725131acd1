"""Everything that carrying out jobs needs: the ports, the folders and the limits, wired by `bootstrap`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leadersboard.domain.resources import ResourceClass
from leadersboard.domain.signature import Sign
from leadersboard.ports.benchmarks import Benchmarks
from leadersboard.ports.clock import Clock
from leadersboard.ports.events import Events
from leadersboard.ports.logs import Logs
from leadersboard.ports.notebooks import Notebooks
from leadersboard.ports.records import Records
from leadersboard.ports.runner import Runner
from leadersboard.ports.storage import JobFiles, SubmissionFiles
from leadersboard.ports.templates import Templates
from leadersboard.ports.tracking import Tracking
from leadersboard.usecases.tally import Tally


@dataclass(frozen=True, slots=True)
class Device:
    """What a job computes on: `name` for the notebook ("cpu" or "cuda"), `visible` for CUDA_VISIBLE_DEVICES."""

    name: str
    visible: str
    label: str


@dataclass(frozen=True, slots=True)
class Workshop:
    """The ports and limits of one worker. Times in seconds.

    Nothing is claimed while less than `min_free_bytes` are free on a disk that one of `disks` lies on. `requirements` is
    what runs find installed, in pip's format.
    """

    worker: str
    records: Records
    submissions: SubmissionFiles
    outputs: JobFiles
    logs: Logs
    events: Events
    runner: Runner
    benchmarks: Benchmarks
    templates: Templates
    notebooks: Notebooks
    tracking: Tracking
    sign: Sign
    clock: Clock
    resource_classes: Mapping[str, ResourceClass]
    scoring_limits: ResourceClass
    served_classes: tuple[str, ...]
    max_running_per_user: int
    lease_seconds: float
    heartbeat_seconds: float
    scratch: Path
    run_root: Path
    weights: Path
    requirements: str
    disks: tuple[Path, ...]
    min_free_bytes: int
    tally: Tally
