"""The gallery of a run: every test image, how it was judged, and of which of them somebody may know the label."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How the run's call of an image stands to its label. A call is anomalous from the category's best threshold on."""

    MISSED = "missed"
    FALSE_ALARM = "false_alarm"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Label:
    """What an image shows: its defect, or none."""

    is_anomalous: bool
    defect: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One image in the gallery. What would tell its label is None for whoever may not know it.

    `wrongness` is 0 where no good image was judged worse, and 1 where all were: for an anomalous image the part of the good
    ones of its category that scored at least as high, for a good one the part of the others that scored lower.
    """

    image_id: str
    category: str
    score: float
    label: Label | None = None
    verdict: Verdict | None = None
    wrongness: float | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of a run: the score of each image, and the threshold of each category."""

    scores: Mapping[str, float]
    thresholds: Mapping[str, float]


def hang(labels: Mapping[str, tuple[str, Label]], judged: Judged, known: Collection[str]) -> list[Piece]:
    """Return all images, worst first; then those without a label, the most anomalous first.

    `labels` are category and label of each image by id, `known` the ids of those whose label may be told.
    """
    good: dict[str, list[float]] = {}
    for image_id, (category, label) in labels.items():
        if not label.is_anomalous:
            good.setdefault(category, []).append(judged.scores[image_id])
    for scores in good.values():
        scores.sort()
    pieces = [
        _labelled(image_id, category, label, judged, good.get(category, []))
        if image_id in known
        else Piece(image_id, category, judged.scores[image_id])
        for image_id, (category, label) in labels.items()
    ]
    return sorted(pieces, key=_place)


def chosen(pieces: Iterable[Piece], category: str | None, verdict: Verdict | None) -> Sequence[Piece]:
    """Return the pieces of a category and of a verdict, where they are named."""
    return [
        piece
        for piece in pieces
        if (category is None or piece.category == category) and (verdict is None or piece.verdict is verdict)
    ]


def _labelled(image_id: str, category: str, label: Label, judged: Judged, good: Sequence[float]) -> Piece:
    score = judged.scores[image_id]
    called = score >= judged.thresholds[category]
    verdict = Verdict.RIGHT if called == label.is_anomalous else Verdict.FALSE_ALARM if called else Verdict.MISSED
    if label.is_anomalous:
        worse, among = len(good) - bisect_left(good, score), len(good)
    else:
        # The image is one of the good ones itself.
        worse, among = bisect_left(good, score), len(good) - 1
    return Piece(image_id, category, score, label, verdict, worse / among if among else 0.0)


def _place(piece: Piece) -> tuple[bool, int, float, float, str]:
    wrong = -1 if piece.verdict in (Verdict.MISSED, Verdict.FALSE_ALARM) else 0
    return piece.wrongness is None, wrong, -(piece.wrongness or 0.0), -piece.score, piece.image_id
