"""Resource classes: what a job may use."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadersboard.domain.errors import UnknownResourceClass

MIB = 1024**2


@dataclass(frozen=True, slots=True)
class ResourceClass:
    """The limits of one class. Memory is that of all the job's processes together."""

    name: str
    wall_seconds: float
    memory_bytes: int
    log_bytes: int = 10 * MIB
    output_bytes: int = 2048 * MIB
    output_files: int = 20_000


def resource_class(name: str, classes: Mapping[str, ResourceClass]) -> ResourceClass:
    """Return the class called `name`.

    Raises:
        UnknownResourceClass: there is none.
    """
    found = classes.get(name)
    if found is None:
        raise UnknownResourceClass(name=name, known=", ".join(sorted(classes)))
    return found
