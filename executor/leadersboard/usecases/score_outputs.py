"""Has the benchmark's scoring notebook grade what a run left, in a process of its own, after the run's are gone."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadersboard.domain.benchmark import Benchmark
from leadersboard.domain.job import Result, Stage
from leadersboard.domain.plain_json import cleaned
from leadersboard.ports.benchmarks import BenchmarkFiles
from leadersboard.ports.records import Progress
from leadersboard.ports.runner import RunEnd, RunnerBroken, RunSpec
from leadersboard.usecases.attempt import Attempt, Silence
from leadersboard.usecases.outputs import InvalidOutput, Reported
from leadersboard.usecases.workshop import Workshop

RESULT = "result.json"
EXECUTED = "scoring.ipynb"
_SEED = 0


class ScoringFailed(Exception):
    """The scoring notebook itself failed: nothing is said about the submission."""


async def score_outputs(
    attempt: Attempt, benchmark: Benchmark, files: BenchmarkFiles, outputs: Path, folder: Path, shop: Workshop
) -> Result:
    """Return the scored metrics of the predictions in `outputs`. What scoring makes is left in `folder`.

    Raises:
        InvalidOutput: the predictions cannot be scored; the sentence says what is wrong with them.
        ScoringFailed: the scoring notebook broke.
        RunnerBroken
    """
    await attempt.note(Progress(stage=Stage.SCORING))
    scored = folder / "scoring"
    scored.mkdir()
    spec = RunSpec(
        entrypoint=files.scoring_notebook,
        folder=scored,
        output_dir=scored,
        run_dir=shop.run_root / f"{attempt.job.job_id[:12]}s{attempt.job.attempt}",
        limits=shop.scoring_limits,
        parameters={
            "outputs_dir": str(outputs),
            "public_dir": str(files.public),
            "hidden_dir": str(files.hidden),
            "benchmark_file": str(files.definition),
            "result_file": str(scored / RESULT),
            "seed": _SEED,
        },
        readable=(outputs, files.public, files.hidden, files.definition.parent),
        executed_notebook=scored / EXECUTED,
        trusted=True,
    )
    outcome = await attempt.carry_out(spec, Silence())
    if outcome.end is RunEnd.STOPPED:
        return Result()
    if outcome.end is RunEnd.PROCESS_DIED:
        # Nobody's code is known to be wrong: it is tried again, and given up as the platform's fault.
        raise RunnerBroken(f"the process that scored has died, exit code {outcome.exit_code}")
    if outcome.end is not RunEnd.SUCCEEDED:
        raise ScoringFailed(f"{outcome.end}: {outcome.error_name}: {outcome.error_value}\n{outcome.traceback}")
    return _read_result(scored / RESULT, benchmark)


def _read_result(path: Path, benchmark: Benchmark) -> Result:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScoringFailed(f"no readable result: {error}") from error
    if "invalid" in raw:
        raise InvalidOutput(str(raw["invalid"]), str(raw.get("invalid_ja") or raw["invalid"]))
    metrics = _finite(raw.get("metrics", {}))
    unknown = metrics.keys() - benchmark.directions.keys()
    if unknown or benchmark.primary_metric not in metrics:
        raise ScoringFailed(f"metrics {sorted(metrics)} do not fit the benchmark's {sorted(benchmark.directions)}")
    return Result(
        scored=metrics,
        intervals=_intervals(raw.get("intervals", {})),
        by_category={name: _finite(values) for name, values in raw.get("by_category", {}).items()},
    )


def _intervals(values: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """Return the intervals that there are: of too few images none can be told."""
    bounds = {name: (float(low), float(high)) for name, (low, high) in values.items()}
    return {name: pair for name, pair in bounds.items() if all(map(math.isfinite, pair))}


def _finite(values: Mapping[str, Any]) -> dict[str, float]:
    numbers = {name: float(value) for name, value in values.items()}
    wrong = [name for name, value in numbers.items() if not math.isfinite(value)]
    if wrong:
        raise ScoringFailed(f"not finite: {wrong}")
    return numbers


def with_reported(result: Result, reported: Reported) -> Result:
    """Return `result` with what the submission says of itself beside it."""
    metrics, params = cleaned(dict(reported.metrics)), cleaned(dict(reported.params))
    return Result(result.scored, result.intervals, result.by_category, metrics, params)
