"""Resource classes: what a job may use."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadersboard.domain.errors import UnknownResourceClass

MIB = 1024**2


@dataclass(frozen=True, slots=True)
class ResourceClass:
    """The limits of one class, each for all the job's processes together.

    `cpu_seconds` is what all processors spend on the job. `gpu_memory_bytes` of 0 is as much as the card has.
    `processes` counts threads too. `disk_bytes` and `disk_files` are what the folders of the job hold at once,
    `written_bytes` what it writes in all, overwritten or deleted included, `file_bytes` the size of one file.
    `output_bytes` and `output_files` are what is kept of it.
    """

    name: str
    wall_seconds: float
    memory_bytes: int
    log_bytes: int = 10 * MIB
    output_bytes: int = 2048 * MIB
    output_files: int = 20_000
    cpu_seconds: float = 8 * 3600
    gpu_memory_bytes: int = 0
    processes: int = 1024
    disk_bytes: int = 8192 * MIB
    disk_files: int = 50_000
    written_bytes: int = 65536 * MIB
    file_bytes: int = 4096 * MIB


def resource_class(name: str, classes: Mapping[str, ResourceClass]) -> ResourceClass:
    """Return the class called `name`.

    Raises:
        UnknownResourceClass: there is none.
    """
    found = classes.get(name)
    if found is None:
        raise UnknownResourceClass(name=name, known=", ".join(sorted(classes)))
    return found
