"""The file that a scoring notebook leaves for the platform."""

import json
from pathlib import Path

from leadersboard.scoring.metrics import Scores
from leadersboard.scoring.predictions import InvalidPredictions


def write_scores(path: Path, scores: Scores) -> None:
    """Write the metrics."""
    _write(
        path,
        {
            "metrics": dict(scores.metrics),
            "by_category": {name: dict(values) for name, values in scores.by_category.items()},
            "intervals": {name: list(bounds) for name, bounds in scores.intervals.items()},
        },
    )


def write_invalid(path: Path, error: InvalidPredictions) -> None:
    """Write why there are none."""
    _write(path, {"invalid": error.sentence, "invalid_ja": error.sentence_ja})


def _write(path: Path, value: dict[str, object]) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(json.dumps(value, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    unfinished.replace(path)
