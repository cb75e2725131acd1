"""Puts the gallery of a scored run together, with the labels that whoever looks may know."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from leadersboard.domain.benchmark import Benchmark, LabelsShown
from leadersboard.domain.errors import DatasetNotReady, NoGallery
from leadersboard.domain.gallery import Judged, Label, Piece, hang
from leadersboard.domain.job import Job, JobStatus
from leadersboard.ports.benchmarks import Benchmarks
from leadersboard.ports.storage import JobFiles
from leadersboard.scoring.reference import Reference, TestImage, read_reference
from leadersboard.scoring.samples import may_be_shown

_SCORES, _MAPS = "scoring/gallery.json", "scoring/maps/"


@dataclass(frozen=True, slots=True)
class Gallery:
    """`pieces` in their order; `images` are what lies behind them, by id."""

    pieces: Sequence[Piece]
    images: dict[str, TestImage]
    shows_all_labels: bool
    has_maps: bool


def open_gallery(job: Job, benchmarks: Benchmarks, outputs: JobFiles, *, sees_labels: bool) -> Gallery:
    """Return the gallery of `job`, all of its labels if `sees_labels` or the benchmark says so.

    Raises:
        NoGallery: the job is not scored, or its images are no longer there.
    """
    benchmark = benchmarks.get(job.benchmark) if job.benchmark else None
    if benchmark is None or job.status is not JobStatus.COMPLETED or job.benchmark_version != benchmark.version:
        raise NoGallery(job_id=job.job_id)
    source = outputs.open(job.job_id, job.attempt, _SCORES)
    if source is None:
        raise NoGallery(job_id=job.job_id)
    with closing(source):
        judged = _judged(json.load(source))
    reference = _reference_of(job, benchmark, benchmarks)
    shows_all = sees_labels or benchmark.labels_shown is LabelsShown.ALL
    labels = {one.image_id: (one.category, Label(one.is_anomalous, one.defect)) for one in reference.images}
    pieces = hang(labels, judged, labels.keys() if shows_all else may_be_shown(reference))
    # All images have a map, or none has.
    first = open_map(job, pieces[0].image_id, outputs) if pieces else None
    if first is not None:
        first.close()
    return Gallery(pieces, reference.by_id, shows_all, first is not None)


def open_map(job: Job, image_id: str, outputs: JobFiles) -> BinaryIO | None:
    """Return the picture of the job's map of an image, None where there is none."""
    return outputs.open(job.job_id, job.attempt, f"{_MAPS}{image_id}.webp")


def _judged(found: dict[str, Any]) -> Judged:
    return Judged(found["scores"], found["thresholds"])


def _reference_of(job: Job, benchmark: Benchmark, benchmarks: Benchmarks) -> Reference:
    try:
        files = benchmarks.files(benchmark)
    except DatasetNotReady as problem:
        raise NoGallery(job_id=job.job_id) from problem
    return _read(files.public, files.hidden, benchmark.version)


@lru_cache(maxsize=8)
def _read(public: Path, hidden: Path, version: str) -> Reference:
    """Return the test images; a data set that changes gives its benchmark another `version`."""
    return read_reference(public, hidden)
