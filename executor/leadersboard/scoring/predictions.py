"""Checks `predictions.csv`: one finite score for each test image."""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from leadersboard.scoring.reference import Reference
from leadersboard.scoring.refusal import PredictionsRefused
from leadersboard.scoring.untrusted import read_file, shown

PREDICTIONS = "predictions.csv"
_COLUMNS = ("image_id", "anomaly_score")
# Enough for an id, a number, and some columns more.
_ROW_BYTES = 1024
_NAMED = 3


def read_scores(outputs: Path, reference: Reference) -> dict[str, float]:
    """Return the anomaly score of each test image, by id, from `predictions.csv` in the folder `outputs`.

    Columns other than `image_id` and `anomaly_score` are passed over.

    Raises:
        PredictionsRefused: it says what is wrong, in which line, and what to do.
    """
    scores: dict[str, float] = {}
    for line, image_id, text in _rows(_text(outputs, len(reference.images))):
        if image_id not in reference.by_id:
            raise PredictionsRefused(
                f"{PREDICTIONS}, line {line}: {shown(image_id)} is not a test image. Use the ids in test.csv.",
                f"{PREDICTIONS} の {line} 行目: {shown(image_id)} はテスト画像ではありません。"
                "test.csv の image_id を使ってください。",
            )
        if image_id in scores:
            raise PredictionsRefused(
                f"{PREDICTIONS}, line {line}: {image_id} appears a second time. Give each test image one score.",
                f"{PREDICTIONS} の {line} 行目: {image_id} が重複しています。画像ごとに1行にしてください。",
            )
        scores[image_id] = _number(text, image_id, line)
    _all_are_there(scores, reference)
    return scores


def _text(outputs: Path, images: int) -> str:
    try:
        content = read_file(outputs / PREDICTIONS, PREDICTIONS, 64 * 1024 + _ROW_BYTES * images)
    except FileNotFoundError:
        raise PredictionsRefused(
            f"There is no {PREDICTIONS} in the output folder. Write it to output_dir, with the columns"
            " image_id and anomaly_score.",
            f"出力フォルダーに {PREDICTIONS} がありません。image_id と anomaly_score の列を持つファイルを"
            " output_dir に書き出してください。",
        ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PredictionsRefused(
            f"{PREDICTIONS} is not UTF-8 text (byte {error.start:,}). Save it as UTF-8.",
            f"{PREDICTIONS} が UTF-8 ではありません({error.start:,} バイト目)。UTF-8 で保存してください。",
        ) from None


def _rows(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line number, id and score of each row."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        id_at, score_at = _columns(next(reader, []))
        for row in reader:
            if not row:
                continue
            if len(row) <= max(id_at, score_at):
                raise PredictionsRefused(
                    f"{PREDICTIONS}, line {reader.line_num}: a value is missing. Give image_id and anomaly_score"
                    " in each row.",
                    f"{PREDICTIONS} の {reader.line_num} 行目: 値が足りません。"
                    "各行に image_id と anomaly_score を書いてください。",
                )
            yield reader.line_num, row[id_at], row[score_at]
    except csv.Error as error:
        raise PredictionsRefused(
            f"{PREDICTIONS}, line {reader.line_num}, is not CSV ({error}). Separate values with commas.",
            f"{PREDICTIONS} の {reader.line_num} 行目が CSV として読めません({error})。値はコンマで区切ってください。",
        ) from None


def _columns(header: Sequence[str]) -> tuple[int, int]:
    if any(header.count(name) != 1 for name in _COLUMNS):
        found = ", ".join(shown(name) for name in header[:6]) or "none"
        raise PredictionsRefused(
            f"{PREDICTIONS} needs the columns image_id and anomaly_score, each once, in its first line."
            f" It has: {found}.",
            f"{PREDICTIONS} の1行目には image_id と anomaly_score の列が1つずつ必要です。今の列: {found}。",
        )
    return header.index(_COLUMNS[0]), header.index(_COLUMNS[1])


def _number(text: str, image_id: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise PredictionsRefused(
            f"{PREDICTIONS}, line {line}: the score of {image_id} is {shown(text)}. Scores must be finite numbers.",
            f"{PREDICTIONS} の {line} 行目: {image_id} のスコアが {shown(text)} です。有限の数にしてください。",
        )
    return value


def _all_are_there(scores: Mapping[str, float], reference: Reference) -> None:
    missing = [image.image_id for image in reference.images if image.image_id not in scores]
    if missing:
        named = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
        total = len(reference.images)
        raise PredictionsRefused(
            f"{PREDICTIONS} lacks {len(missing)} of {total} test images: {named}. Give each image in test.csv a score.",
            f"{PREDICTIONS} にテスト画像 {total} 枚中 {len(missing)} 枚がありません: {named}。"
            "test.csv の全画像にスコアを付けてください。",
        )
