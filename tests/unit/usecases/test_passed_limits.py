"""A limit that ended a job is named to its participant, with what was allowed and what was measured."""

import pytest

from leadersboard.domain.job import Reason
from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.domain.submission import Entry
from leadersboard.ports.runner import RunEnd, RunOutcome, Usage
from leadersboard.usecases.diagnosis import diagnose

LIMITS = ResourceClass(
    "small",
    wall_seconds=60,
    memory_bytes=100 * MIB,
    cpu_seconds=90,
    gpu_memory_bytes=200 * MIB,
    processes=300,
    disk_bytes=400 * MIB,
    disk_files=5000,
    written_bytes=6000 * MIB,
)
USAGE = Usage(91, 201 * MIB, 301, 401 * MIB, 5001, 6001 * MIB)
ENDS = {
    RunEnd.TOO_MUCH_CPU_TIME: (Reason.TIMEOUT, "90 s", "91 s"),
    RunEnd.OUT_OF_GPU_MEMORY: (Reason.OUT_OF_MEMORY, "200 MiB", "201 MiB"),
    RunEnd.TOO_MANY_PROCESSES: (Reason.NOTEBOOK_ERROR, "300", "301"),
    RunEnd.TOO_MUCH_ON_DISK: (Reason.INVALID_OUTPUT, "400 MiB", "401 MiB"),
    RunEnd.TOO_MANY_FILES: (Reason.INVALID_OUTPUT, "5,000", "5,001"),
    RunEnd.TOO_MUCH_WRITTEN: (Reason.INVALID_OUTPUT, "6,000 MiB", "6,001 MiB"),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_passed_limit_is_named_with_what_was_measured(end: RunEnd) -> None:
    reason, allowed, measured = ENDS[end]
    failure = diagnose(RunOutcome(end, 1, 1, cell=3, usage=USAGE), Entry.NOTEBOOK, LIMITS)
    assert failure.reason is reason
    assert failure.sentence_ja is not None
    for sentence in (failure.sentence, failure.sentence_ja):
        assert "'small'" in sentence
        assert allowed in sentence
        assert measured in sentence
    assert "cell 3" in failure.sentence


@pytest.mark.parametrize(("number", "word"), [(27, "limited size"), (28, "TMPDIR"), (30, "output_dir")])
def test_a_wall_that_code_runs_into_is_explained(number: int, word: str) -> None:
    outcome = RunOutcome(RunEnd.CODE_FAILED, 1, 1, error_name="OSError", error_value=f"[Errno {number}] Something")
    hint = diagnose(outcome, Entry.SCRIPT, LIMITS).hint
    assert hint is not None
    assert word in hint
