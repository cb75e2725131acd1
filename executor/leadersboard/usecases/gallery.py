"""Puts the gallery of a scored run together, with the labels that whoever looks may know."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from leadersboard.domain.benchmark import LabelsShown
from leadersboard.domain.errors import DatasetNotReady, NoGallery
from leadersboard.domain.gallery import Judged, Label, Piece, hang
from leadersboard.domain.job import Job, JobStatus
from leadersboard.ports.benchmarks import Benchmarks
from leadersboard.ports.storage import JobFiles
from leadersboard.scoring.reference import Reference, read_reference
from leadersboard.scoring.samples import may_be_shown

_SCORES, _MAPS = "scoring/gallery.json", "scoring/maps/"


@dataclass(frozen=True, slots=True)
class TestImages:
    """The images that a job was scored on, and the ids of those whose label whoever looks may know."""

    __test__ = False  # pytest would take it for a test

    reference: Reference
    known: Collection[str]

    @property
    def shows_all_labels(self) -> bool:
        return len(self.known) == len(self.reference.images)


@dataclass(frozen=True, slots=True)
class Gallery:
    """`pieces` in their order; maps are there of all images or of none."""

    pieces: Sequence[Piece]
    images: TestImages
    has_maps: bool


def images_of(job: Job, benchmarks: Benchmarks, *, sees_labels: bool) -> TestImages:
    """Return what `job` was scored on, all labels known if `sees_labels` or the benchmark says so.

    Raises:
        NoGallery: the job is not scored, or its images are no longer there.
    """
    benchmark = benchmarks.get(job.benchmark) if job.benchmark else None
    if benchmark is None or job.status is not JobStatus.COMPLETED or job.benchmark_version != benchmark.version:
        raise NoGallery(job_id=job.job_id)
    try:
        files = benchmarks.files(benchmark)
    except DatasetNotReady as problem:
        raise NoGallery(job_id=job.job_id) from problem
    reference, samples = _read(files.public, files.hidden, benchmark.version)
    shows_all = sees_labels or benchmark.labels_shown is LabelsShown.ALL
    return TestImages(reference, reference.by_id.keys() if shows_all else samples)


def open_gallery(job: Job, benchmarks: Benchmarks, outputs: JobFiles, *, sees_labels: bool) -> Gallery:
    """Return the gallery of `job`.

    Raises:
        NoGallery
    """
    images = images_of(job, benchmarks, sees_labels=sees_labels)
    source = outputs.open(job.job_id, job.attempt, _SCORES)
    if source is None:
        raise NoGallery(job_id=job.job_id)
    with source:
        found = json.load(source)
    labels = {one.image_id: (one.category, Label(one.is_anomalous, one.defect)) for one in images.reference.images}
    pieces = hang(labels, Judged(found["scores"], found["thresholds"]), images.known)
    first = open_map(job, pieces[0].image_id, outputs) if pieces else None
    if first is not None:
        first.close()
    return Gallery(pieces, images, first is not None)


def open_map(job: Job, image_id: str, outputs: JobFiles) -> BinaryIO | None:
    """Return the picture of the job's map of an image, None where there is none."""
    return outputs.open(job.job_id, job.attempt, f"{_MAPS}{image_id}.webp")


@lru_cache(maxsize=8)
def _read(public: Path, hidden: Path, version: str) -> tuple[Reference, frozenset[str]]:
    """Return the test images and the samples among them; a data set that changes gives its benchmark another
    `version`."""
    reference = read_reference(public, hidden)
    return reference, may_be_shown(reference)
