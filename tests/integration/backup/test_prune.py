"""Files of jobs go by age, by size, and where the disk is short of room; results stay, and what runs keeps its own."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from leadersboard.bootstrap import build_platform, build_shelves
from leadersboard.domain.job import Job, JobEvent, Result
from leadersboard.domain.retention import RetentionRules
from leadersboard.ports.records import Claim, Ending, Page
from leadersboard.settings import Settings
from leadersboard.usecases.prune import Pruned, Shelves, prune, remove_unclaimed
from tests.conftest import SettableClock
from tests.integration.backup.conftest import THEN, fill, installation

# What `fill` gives each job: two attempts of 500 bytes of output and 100 of log.
SIZE = 1200


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path / "home")


@pytest.fixture
def ids(settings: Settings) -> list[str]:
    return fill(settings, 4)


@pytest.fixture
def shelves(settings: Settings, ids: list[str], clock: SettableClock) -> Shelves:
    clock.time = THEN + timedelta(days=10)
    return replace(build_shelves(build_platform(settings)), clock=clock)


def with_files(settings: Settings) -> set[str]:
    outputs = {path.name for path in Path(settings.artifacts).iterdir()}
    assert outputs == {path.name for path in Path(settings.logs).iterdir()}
    return outputs


def board(shelves: Shelves) -> set[str]:
    with shelves.records.reading() as transaction:
        return {entry.job_id for entry in transaction.jobs.board("tiny", "1")}


def test_nothing_goes_unless_it_is_said(settings: Settings, ids: list[str], shelves: Shelves) -> None:
    assert prune(RetentionRules(), shelves) == Pruned(0, 0)
    assert with_files(settings) == set(ids)
    with shelves.records.reading() as transaction:
        assert transaction.retention.kept_bytes() == 4 * SIZE


def test_files_past_their_age_go_and_results_stay(settings: Settings, ids: list[str], shelves: Shelves) -> None:
    assert prune(RetentionRules(max_age=timedelta(days=8, hours=12)), shelves) == Pruned(2, 2 * SIZE)
    assert with_files(settings) == set(ids[2:])
    assert board(shelves) == set(ids)
    assert prune(RetentionRules(max_age=timedelta(days=8, hours=12)), shelves) == Pruned(0, 0)


def test_past_a_size_the_oldest_go_first(settings: Settings, ids: list[str], shelves: Shelves) -> None:
    assert prune(RetentionRules(max_bytes=2 * SIZE), shelves) == Pruned(2, 2 * SIZE)
    assert with_files(settings) == set(ids[2:])


def test_as_many_go_as_give_the_disk_its_room(settings: Settings, ids: list[str], shelves: Shelves) -> None:
    gone = lambda: 4 - len(list(Path(settings.artifacts).iterdir()))  # noqa: E731
    filling = replace(shelves, free_bytes=lambda: 100 + gone() * SIZE)
    assert prune(RetentionRules(floor_bytes=SIZE), filling) == Pruned(1, SIZE)
    assert with_files(settings) == set(ids[1:])


def test_where_nothing_is_left_to_remove_pruning_ends(settings: Settings, ids: list[str], shelves: Shelves) -> None:
    assert prune(RetentionRules(floor_bytes=10**15), shelves) == Pruned(4, 4 * SIZE)
    assert with_files(settings) == set()
    assert board(shelves) == set(ids)


@pytest.mark.parametrize("stands", ["pending", "running", "unrecorded"])
def test_jobs_that_are_not_done_with_keep_their_files(
    settings: Settings, ids: list[str], shelves: Shelves, stands: str
) -> None:
    now, job_id = THEN - timedelta(days=300), "f" * 32
    with shelves.records.writing() as transaction:
        submission = next(iter(transaction.submissions.page(None, Page(1)).items))
        transaction.jobs.add(Job(job_id, submission.submission_id, "alice", "small", now, now, "tiny", "1"))
        if stands != "pending":
            assert transaction.jobs.claim_next(Claim("w", ["small"], now, now, 100))
        if stands == "unrecorded":
            transaction.jobs.end(job_id, 1, Ending(JobEvent.COMPLETE, result=Result({"a": 1.0})), now)
    kept = Path(settings.artifacts, job_id)
    kept.mkdir()
    (kept / "outputs.csv").write_text("x")
    prune(RetentionRules(timedelta(days=1), 1, 10**15), shelves)
    assert (kept / "outputs.csv").exists()


def test_what_was_cut_off_between_the_deed_and_the_word_is_done_again(
    settings: Settings, ids: list[str], shelves: Shelves
) -> None:
    shelves.outputs.remove(ids[0])
    shelves.logs.remove(ids[0])
    assert prune(RetentionRules(max_age=timedelta(days=9, hours=12)), shelves).jobs == 1
    assert with_files(settings) == set(ids[1:])


def test_uploads_that_never_became_submissions_go_when_they_are_old(
    settings: Settings, ids: list[str], shelves: Shelves
) -> None:
    uploads = Path(settings.uploads)
    known = {path.name for path in uploads.iterdir()}
    for name in ("orphan", ".incoming/half"):
        (uploads / name).mkdir(parents=True)
        (uploads / name / "main.py").write_text("x")
    assert isinstance(shelves.clock, SettableClock)
    moment = (uploads / "orphan").stat().st_mtime
    shelves.clock.time = shelves.clock.time.fromtimestamp(moment + 60, shelves.clock.time.tzinfo)
    assert remove_unclaimed(timedelta(hours=1), shelves) == 0
    for path in uploads.rglob("*"):
        os.utime(path, (moment - 7200, moment - 7200))
    assert remove_unclaimed(timedelta(hours=1), shelves) == 2
    assert {path.name for path in uploads.iterdir()} == known | {".incoming"}
    assert list((uploads / ".incoming").iterdir()) == []
