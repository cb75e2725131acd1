"""What a run left in its output folder, read with distrust."""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leadersboard.domain.plain_json import flaw_in
from leadersboard.domain.resources import MIB, ResourceClass

PREDICTIONS = "predictions.csv"
METRICS = "metrics.json"
_MAX_METRICS_BYTES = MIB
_MAX_VALUES = 200


class InvalidOutput(Exception):
    """What was left cannot be used; the sentences are for the participant, in English and Japanese."""

    def __init__(self, sentence: str, sentence_ja: str) -> None:
        self.sentence, self.sentence_ja = sentence, sentence_ja
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Reported:
    """What a submission says of itself in `metrics.json`."""

    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)


def check_size(folder: Path, limits: ResourceClass) -> None:
    """Refuse an output folder that holds too much.

    Raises:
        InvalidOutput: more bytes or files than `limits` allow.
    """
    size = files = 0
    for parent, _, names in os.walk(folder, followlinks=False):
        for name in names:
            files += 1
            # As long as it says it is, since a file with holes is kept without them.
            size += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118 - os.walk gives text
            if files > limits.output_files or size > limits.output_bytes:
                raise InvalidOutput(
                    f"The output folder holds more than {limits.output_files:,} files or"
                    f" {limits.output_bytes // MIB:,} MiB. Leave only the predictions and what you need to see.",
                    f"出力フォルダーが上限({limits.output_files:,} ファイル、{limits.output_bytes // MIB:,} MiB)を"
                    "超えています。予測と必要なものだけを残してください。",
                )


def has_file(folder: Path, name: str) -> bool:
    """Whether `folder` holds a regular file `name`; a link is none."""
    try:
        return stat.S_ISREG(os.lstat(folder / name).st_mode)
    except FileNotFoundError:
        return False


def read_reported(folder: Path) -> Reported:
    """Return what `metrics.json` in `folder` says; nothing if it is not there.

    Raises:
        InvalidOutput: it is not `{"params": {...}, "metrics": {...}}` with finite numbers as metrics.
    """
    if not has_file(folder, METRICS):
        return Reported()
    raw = _load(folder / METRICS)
    metrics, params = raw.get("metrics", {}), raw.get("params", {})
    if not isinstance(metrics, dict) or not isinstance(params, dict):
        raise _unusable("'metrics' and 'params' must be objects", "'metrics' と 'params' はオブジェクトにしてください")
    if len(metrics) > _MAX_VALUES or len(params) > _MAX_VALUES:
        raise _unusable(f"it has more than {_MAX_VALUES} values", f"値が {_MAX_VALUES} 個を超えています")
    for name, value in metrics.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or flaw_in(value) is not None:
            raise _unusable(f"the metric {name!r} is not a finite number", f"{name!r} が有限の数ではありません")
    return Reported(
        metrics={name[:200]: float(value) for name, value in metrics.items()},
        params={name[:200]: _text(value) for name, value in params.items()},
    )


def _load(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        content = file.read(_MAX_METRICS_BYTES + 1)
    if len(content) > _MAX_METRICS_BYTES:
        raise _unusable("it is larger than 1 MiB", "1 MiB を超えています")
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError):
        raise _unusable("it is not JSON", "JSON ではありません") from None
    if not isinstance(raw, dict):
        raise _unusable("it is not a JSON object", "JSON オブジェクトではありません")
    return raw


def _unusable(problem: str, problem_ja: str) -> InvalidOutput:
    return InvalidOutput(
        f'{METRICS} cannot be used: {problem}. Write {{"params": {{...}}, "metrics": {{...}}}}.',
        f'{METRICS} を使えません({problem_ja})。{{"params": {{...}}, "metrics": {{...}}}} の形で書いてください。',
    )


def _text(value: object) -> str:
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:1000]
