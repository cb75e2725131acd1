"""A benchmark: what is competed on, and by which metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"


class LabelsShown(StrEnum):
    """Of which test images participants see the label, in the gallery of a run that has been scored."""

    SAMPLES = "samples"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The definition in a `benchmark.toml`.

    `directions` names every metric that the scoring notebook may return; `tie_break` are metrics compared, in their
    order, where the primary metric is equal. `version` is raised whenever scores stop being comparable.
    """

    slug: str
    version: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    dataset: str
    primary_metric: str
    directions: Mapping[str, Direction]
    tie_break: tuple[str, ...] = ()
    default_resource_class: str = "small"
    # Whether anybody may look at its board, without a login.
    public: bool = False
    labels_shown: LabelsShown = LabelsShown.SAMPLES
