"""What a gallery is made from, and what is shown of it to whom."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from leadersboard.adapters import pictures
from leadersboard.adapters.fsspec_job_files import FsspecJobFiles
from leadersboard.domain.benchmark import Benchmark, Direction, LabelsShown
from leadersboard.domain.errors import DatasetNotReady, NoGallery
from leadersboard.domain.gallery import Verdict
from leadersboard.domain.job import Job, JobStatus
from leadersboard.ports.benchmarks import BenchmarkFiles
from leadersboard.scoring import gallery
from leadersboard.scoring.grading import check
from leadersboard.scoring.metrics import best_threshold
from leadersboard.scoring.reference import Reference, TestImage
from leadersboard.scoring.samples import candidates, may_be_shown
from leadersboard.usecases.gallery import _read, open_gallery, open_map
from tests.unit.scoring.conftest import SIZE, write_maps, write_predictions

_NOW = datetime(2026, 4, 1, tzinfo=UTC)
BENCHMARK = Benchmark("bench", "1-abc", {}, {}, "data", "image_auroc", {"image_auroc": Direction.MAXIMIZE})
JOB = Job(
    "j1", "s1", "ann", "small", _NOW, _NOW, benchmark="bench", benchmark_version="1-abc",
    status=JobStatus.COMPLETED, attempt=1,
)  # fmt: skip


@dataclass
class OneBenchmark:
    """The `Benchmarks` port with one benchmark, on the data set of the tests."""

    dataset: Path
    benchmark: Benchmark = BENCHMARK
    is_ready: bool = True

    def all(self) -> Sequence[Benchmark]:
        return [self.benchmark]

    def get(self, slug: str) -> Benchmark | None:
        return self.benchmark if slug == self.benchmark.slug else None

    def files(self, benchmark: Benchmark) -> BenchmarkFiles:
        if not self.is_ready:
            raise DatasetNotReady(dataset=benchmark.dataset)
        return BenchmarkFiles(Path(), Path(), self.dataset / "public", self.dataset / "hidden")


@pytest.fixture
def benchmarks(dataset: Path) -> OneBenchmark:
    return OneBenchmark(dataset)


@pytest.fixture
def left(tmp_path: Path, outputs: Path, reference: Reference, scores: dict[str, float]) -> FsspecJobFiles:
    """What a scored job with maps has left. Of category 'a' a good image was judged worst."""
    write_predictions(outputs, scores | {"a_0000": 99.0})
    write_maps(outputs, reference)
    scored = tmp_path / "scored"
    scored.mkdir()
    gallery.write(scored, check(outputs, reference), reference)
    files = FsspecJobFiles(str(tmp_path / "store"))
    files.keep(JOB.job_id, JOB.attempt, scored, "scoring")
    return files


def test_the_threshold_is_the_lowest_score_that_is_called_anomalous_where_f1_is_best() -> None:
    assert best_threshold([1.0, 5.0, 70.0, 80.0], [False, False, True, True]) == 70.0
    # Calling 0.3 anomalous finds both, at the price of one false alarm: F1 0.8 instead of 2/3.
    assert best_threshold([0.1, 0.3, 0.4, 0.9], [False, True, False, True]) == pytest.approx(0.3)


def test_every_image_has_its_map_as_a_small_picture_and_no_label_is_told(
    left: FsspecJobFiles, reference: Reference
) -> None:
    for image in reference.images:
        source = open_map(JOB, image.image_id, left)
        assert source is not None
        with source, Image.open(source) as picture:
            assert (picture.format, picture.size) == ("WEBP", SIZE[::-1])
    with left.open("j1", 1, "scoring/gallery.json") as told:  # type: ignore[union-attr]
        text = told.read().decode()
    assert "hole" not in text
    assert "good" not in text


def test_an_organiser_sees_all_with_the_worst_first(left: FsspecJobFiles, benchmarks: OneBenchmark) -> None:
    found = open_gallery(JOB, benchmarks, left, sees_labels=True)
    assert (found.images.shows_all_labels, found.has_maps, len(found.pieces)) == (True, True, 8)
    assert (found.pieces[0].image_id, found.pieces[0].verdict) == ("a_0000", Verdict.FALSE_ALARM)
    assert all(piece.label is not None for piece in found.pieces)


def test_a_participant_sees_the_labels_of_the_samples_unless_the_benchmark_shows_all(
    left: FsspecJobFiles, benchmarks: OneBenchmark, reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadersboard.scoring.samples._CANDIDATES", {True: 1, False: 1})
    # What is remembered of a data set knows nothing of this.
    _read.cache_clear()
    found = open_gallery(JOB, benchmarks, left, sees_labels=False)
    known = {piece.image_id for piece in found.pieces if piece.label is not None}
    assert known == may_be_shown(reference)
    assert len(known) == 4
    open_to_all = OneBenchmark(benchmarks.dataset, replace(BENCHMARK, labels_shown=LabelsShown.ALL))
    assert open_gallery(JOB, open_to_all, left, sees_labels=False).images.shows_all_labels


def test_samples_are_the_same_whatever_was_submitted(reference: Reference) -> None:
    images = reference.by_category["a"]
    assert candidates(images) == candidates(images)
    assert {image.is_anomalous for image in candidates(images)[True]} == {True}


@pytest.mark.parametrize(
    ("job", "why"),
    [
        (replace(JOB, benchmark=None), "it has no benchmark"),
        (replace(JOB, benchmark="gone"), "its benchmark is gone"),
        (replace(JOB, benchmark_version="1-old"), "the images are others now"),
        (replace(JOB, status=JobStatus.FAILED), "it has failed"),
        (replace(JOB, job_id="j2"), "it was scored without one"),
    ],
)
def test_where_there_is_no_gallery_it_is_said(
    job: Job, why: str, left: FsspecJobFiles, benchmarks: OneBenchmark
) -> None:
    with pytest.raises(NoGallery):
        open_gallery(job, benchmarks, left, sees_labels=True)
    assert why


def test_without_its_data_set_a_benchmark_has_no_gallery(left: FsspecJobFiles, dataset: Path) -> None:
    with pytest.raises(NoGallery):
        open_gallery(JOB, OneBenchmark(dataset, is_ready=False), left, sees_labels=True)


def test_without_maps_there_are_scores_all_the_same(
    tmp_path: Path, outputs: Path, reference: Reference, scores: dict[str, float], benchmarks: OneBenchmark
) -> None:
    write_predictions(outputs, scores)
    scored = tmp_path / "scored"
    scored.mkdir()
    gallery.write(scored, check(outputs, reference), reference)
    files = FsspecJobFiles(str(tmp_path / "store"))
    files.keep(JOB.job_id, JOB.attempt, scored, "scoring")
    found = open_gallery(JOB, benchmarks, files, sees_labels=True)
    assert (found.has_maps, len(found.pieces)) == (False, 8)


def test_the_outline_is_round_the_defect_and_elsewhere_one_can_see_through(reference: Reference) -> None:
    image = next(one for one in reference.images if one.is_anomalous)
    marked = image.mask()
    outline = np.asarray(Image.open(io.BytesIO(pictures.of_outline(image))).convert("RGBA"))
    assert (outline[marked][:, 3] == 0).all()
    assert (outline[..., 3] == 255).any()
    mask = np.asarray(Image.open(io.BytesIO(pictures.of_mask(image))).convert("L"))
    assert (mask[marked] > 128).all()


def test_large_images_become_small_pictures_and_small_defects_stay(tmp_path: Path) -> None:
    large, mask = tmp_path / "large.png", tmp_path / "mask.png"
    Image.new("RGB", (1300, 900)).save(large)
    spot = np.zeros((900, 1300), np.uint8)
    spot[450, 650] = 255
    Image.fromarray(spot).save(mask)
    image = TestImage("a", "a", True, "spot", large, mask)
    assert Image.open(io.BytesIO(pictures.of_image(image))).size == (320, 222)
    small = Image.open(io.BytesIO(pictures.of_mask(image))).convert("L")
    assert max(small.size) <= 320
    assert np.asarray(small).max() > 128
