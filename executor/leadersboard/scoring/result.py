"""The file that a scoring notebook leaves for the platform."""

import json
from collections.abc import Mapping
from pathlib import Path

from leadersboard.scoring.grading import Grades
from leadersboard.scoring.refusal import PredictionsRefused


def write_grades(path: Path, grades: Grades) -> None:
    """Write the metrics."""
    _write(
        path,
        {
            "metrics": dict(grades.metrics),
            "by_category": {category: dict(values) for category, values in grades.by_category.items()},
            "intervals": {"image_auroc": list(grades.interval)},
        },
    )


def write_refusal(path: Path, refusal: PredictionsRefused) -> None:
    """Write why there are none."""
    _write(path, {"invalid": refusal.en, "invalid_ja": refusal.ja})


def _write(path: Path, value: Mapping[str, object]) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(json.dumps(value, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    unfinished.replace(path)
