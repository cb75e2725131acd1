"""Carries a claimed job out: lays it out, runs it, scores what it left, keeps everything, and writes the end."""

import asyncio
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.errors import Fault, LeadersBoardError
from leadersboard.domain.job import Failure, Job, JobEvent, Reason, Result, Stage
from leadersboard.domain.signature import Receipt, Statement
from leadersboard.domain.submission import Entry, Submission
from leadersboard.ports.benchmarks import BenchmarkFiles
from leadersboard.ports.records import Ending, Progress, RecordsUnavailable
from leadersboard.ports.runner import RunEnd, RunnerBroken, RunOutcome, RunSpec
from leadersboard.ports.tracking import TrackingUnavailable
from leadersboard.usecases.attempt import Attempt
from leadersboard.usecases.diagnosis import diagnose
from leadersboard.usecases.outputs import PREDICTIONS, InvalidOutput, check_size, has_file, read_reported
from leadersboard.usecases.record_results import open_run
from leadersboard.usecases.restore_template import restore_template
from leadersboard.usecases.score_outputs import ScoringFailed, score_outputs, with_reported
from leadersboard.usecases.sweep import folders_of
from leadersboard.usecases.workshop import Device, Workshop

logger = logging.getLogger(__name__)
EXECUTED = "executed.ipynb"
REQUIREMENTS = "requirements.txt"
_DEFAULT_SEED = 0


async def execute_job(attempt: Attempt, device: Device, shop: Workshop) -> None:
    """Carry out the attempt. When this returns its processes and folders are gone, and the records say how it ended,
    unless another worker has the job by now."""
    job = attempt.job
    async with attempt.leased():
        await attempt.note(Progress(device=device.label))
        try:
            with _folders(job, shop) as folder:
                await attempt.on_log(f"[attempt {job.attempt} on {shop.worker}, {device.label}]\n")
                ending = await _ending(attempt, device, folder, shop)
        except OSError as error:
            # Most likely the disk is full. Nothing more is claimed until it is not.
            logger.exception("job %s has no room", job.job_id)
            ending = _broken(attempt, error)
        if not await attempt.end(ending):
            logger.warning("job %s: attempt %d was no longer current at its end", job.job_id, job.attempt)


@contextmanager
def _folders(job: Job, shop: Workshop) -> Iterator[Path]:
    folder, *sockets = folders_of(job, shop.scratch, shop.run_root)
    try:
        for path in (folder, *sockets):
            # Records that were restored may give the number of an attempt a second time.
            shutil.rmtree(path, ignore_errors=True)
        for path in (folder / "submission", folder / "output", *sockets):
            path.mkdir(parents=True, mode=0o700)
        yield folder
    finally:
        for path in (folder, *sockets):
            # What cannot be removed now is swept away later.
            shutil.rmtree(path, ignore_errors=True)


async def _ending(attempt: Attempt, device: Device, folder: Path, shop: Workshop) -> Ending:
    """Return how the attempt ended; whatever breaks on the way becomes an ending with a reason."""
    try:
        ending = await _run_and_score(attempt, device, folder, shop)
    except InvalidOutput as error:
        ending = _failed(Failure(Reason.INVALID_OUTPUT, error.sentence, error.sentence_ja))
    except ScoringFailed:
        logger.exception("scoring of job %s failed", attempt.job.job_id)
        ending = _failed(_SCORING_FAILURE)
    except LeadersBoardError as error:
        ending = _not_the_participants(attempt, error.sentence("en"), error.sentence("ja"), error.fault)
    except (RunnerBroken, OSError) as error:
        logger.exception("job %s broke", attempt.job.job_id)
        ending = _broken(attempt, error)
    if attempt.interruption is None:
        await _open_run(attempt, shop)
    if attempt.interruption is not None:
        ending = replace(attempt.broken_off(), peak_memory_bytes=ending.peak_memory_bytes)
    return ending


_PLATFORM_SENTENCE = (
    "The platform failed while it ran this job. It is not your fault; submit again or tell the operator."
)
_PLATFORM_SENTENCE_JA = (
    "実行中にプラットフォームの問題が起きました。提出の問題ではありません。再提出するか管理者に知らせてください。"
)
_SCORING_FAILURE = Failure(
    Reason.SCORING_ERROR,
    "The scoring of this benchmark failed on your predictions. It is not your fault; tell the organiser.",
    "このベンチマークの採点処理が失敗しました。提出の問題ではありません。主催者に知らせてください。",
)


def _failed(failure: Failure, peak_memory_bytes: int | None = None) -> Ending:
    return Ending(JobEvent.FAIL, failure=failure, peak_memory_bytes=peak_memory_bytes)


def _broken(attempt: Attempt, error: Exception) -> Ending:
    return _not_the_participants(attempt, f"{_PLATFORM_SENTENCE} ({error})", _PLATFORM_SENTENCE_JA)


def _not_the_participants(attempt: Attempt, english: str, japanese: str, fault: Fault = Fault.PLATFORM) -> Ending:
    """Try again what the platform broke, as long as attempts are left; what an organiser must mend is not retried."""
    if fault is Fault.PLATFORM and attempt.job.attempt < attempt.job.max_attempts:
        return Ending(JobEvent.RELEASE)
    return _failed(Failure(Reason.PLATFORM_ERROR, english, japanese))


async def _run_and_score(attempt: Attempt, device: Device, folder: Path, shop: Workshop) -> Ending:
    job = attempt.job
    limits = shop.resource_classes[job.resource_class]
    submission = await attempt.patiently(lambda: _submission_of(job, shop))
    await asyncio.to_thread(shop.submissions.lay_out, submission, folder / "submission")
    benchmark = shop.benchmarks.get(job.benchmark) if job.benchmark else None
    files = shop.benchmarks.files(benchmark) if benchmark else None
    if benchmark:
        # The data may have changed while the job was waiting.
        await attempt.note(Progress(benchmark_version=benchmark.version))
    await _restore(attempt, submission, folder, shop)
    outputs = folder / "output"
    try:
        outcome = await attempt.carry_out(_spec(job, submission, files, device, folder, shop), attempt)
        if outcome.end is not RunEnd.SUCCEEDED:
            return _failed(diagnose(outcome, submission.entry, limits), outcome.peak_memory_bytes)
        check_size(outputs, limits)
        result = Result()
        if benchmark and files and _must_be_scored(submission.entry, outputs):
            result = await score_outputs(attempt, benchmark, files, outputs, folder, shop)
    finally:
        # Before the status moves, and for failures most of all: they are what one wants to look into.
        await _keep(attempt, folder, shop)
    result = with_reported(result, read_reported(outputs))
    return _completed(result, _receipt(job, submission, benchmark, result, shop), submission, outcome)


def _receipt(job: Job, submission: Submission, benchmark: Benchmark | None, result: Result, shop: Workshop) -> Receipt:
    """Sign the result, by the version of the benchmark that it was scored with."""
    version = benchmark.version if benchmark else job.benchmark_version
    statement = Statement(job.job_id, job.user_id, submission.digest, job.benchmark, version, result)
    return Receipt.of(statement, shop.sign)


def _completed(result: Result, receipt: Receipt, submission: Submission, outcome: RunOutcome) -> Ending:
    if submission.entry is Entry.SCRIPT and not result.scored and not result.reported:
        raise InvalidOutput(
            f"The script left neither {PREDICTIONS} nor metrics.json with metrics in the folder of '--output'.",
            f"'--output' のフォルダーに {PREDICTIONS} も、指標の入った metrics.json もありません。",
        )
    memory = outcome.peak_memory_bytes
    return Ending(JobEvent.COMPLETE, result=result, receipt=receipt, peak_memory_bytes=memory)


def _must_be_scored(entry: Entry, outputs: Path) -> bool:
    """A notebook of a benchmark is always scored, and refused without predictions; a script may only report."""
    return entry is Entry.NOTEBOOK or has_file(outputs, PREDICTIONS)


def _submission_of(job: Job, shop: Workshop) -> Submission:
    with shop.records.reading() as transaction:
        submission = transaction.submissions.get(job.submission_id)
    if submission is None:
        raise RunnerBroken(f"submission {job.submission_id} is not in the records")
    return submission


async def _restore(attempt: Attempt, submission: Submission, folder: Path, shop: Workshop) -> None:
    """Put the locked cells of the notebook's template back, and say so."""
    if submission.entry is not Entry.NOTEBOOK:
        return
    notebook = folder / "submission" / submission.entrypoint
    cells = await asyncio.to_thread(restore_template, notebook, shop.templates, shop.notebooks)
    if cells:
        await attempt.note(Progress(restored_cells=cells))
        shown = ", ".join(str(cell) for cell in cells)
        await attempt.on_log(f"[restored from the template, because they are locked: cells {shown}]\n")


def _spec(
    job: Job, submission: Submission, files: BenchmarkFiles | None, device: Device, folder: Path, shop: Workshop
) -> RunSpec:
    outputs = folder / "output"
    injected: dict[str, Any] = {
        "data_dir": str(files.public) if files else "",
        "output_dir": str(outputs),
        "device": device.name,
        "seed": job.parameters.get("seed", _DEFAULT_SEED),
    }
    environment = {"CUDA_VISIBLE_DEVICES": device.visible, "LEADERSBOARD_WEIGHTS_DIR": str(shop.weights)}
    if submission.entry is Entry.SCRIPT:
        environment |= {f"LEADERSBOARD_{name.upper()}": str(value) for name, value in injected.items()}
    return RunSpec(
        entrypoint=folder / "submission" / submission.entrypoint,
        folder=folder / "submission",
        output_dir=outputs,
        run_dir=shop.run_root / f"{job.job_id[:12]}r{job.attempt}",
        limits=shop.resource_classes[job.resource_class],
        parameters={**job.parameters, **injected} if submission.entry is Entry.NOTEBOOK else {},
        arguments=("--config", submission.config_file, "--output", str(outputs)),
        environment=environment,
        readable=tuple(path for path in (files.public if files else None, shop.weights) if path is not None),
        executed_notebook=folder / EXECUTED if submission.entry is Entry.NOTEBOOK else None,
    )


async def _keep(attempt: Attempt, folder: Path, shop: Workshop) -> None:
    await attempt.note(Progress(stage=Stage.RECORDING))
    await asyncio.to_thread(_store, attempt.job, folder, shop)


def _store(job: Job, folder: Path, shop: Workshop) -> None:
    of_the_run = folder / "run"
    of_the_run.mkdir()
    (of_the_run / REQUIREMENTS).write_text(shop.requirements, encoding="utf-8")
    executed = folder / EXECUTED
    if executed.is_file():
        executed.rename(of_the_run / EXECUTED)
    shop.outputs.keep(job.job_id, job.attempt, of_the_run, "")
    try:
        check_size(folder / "output", shop.resource_classes[job.resource_class])
    except InvalidOutput:
        logger.info("job %s left more than is kept", job.job_id)
    else:
        shop.outputs.keep(job.job_id, job.attempt, folder / "output", "outputs")
    if (folder / "scoring").is_dir():
        shop.outputs.keep(job.job_id, job.attempt, folder / "scoring", "scoring")


async def _open_run(attempt: Attempt, shop: Workshop) -> None:
    """Have the run's id ready when the job is seen to be over. Without tracking it comes later."""
    try:
        await asyncio.to_thread(open_run, attempt.job, shop)
    except Exception as error:
        # Whatever is wrong with tracking, the job is over, and its result must not be lost for that.
        foreseen = isinstance(error, TrackingUnavailable | RecordsUnavailable)
        logger.warning("job %s gets its run later: %s", attempt.job.job_id, error, exc_info=not foreseen)
