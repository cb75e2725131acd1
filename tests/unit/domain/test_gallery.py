"""Which images come first, what is said of them, and that no label is told to whoever may not know it."""

from hypothesis import given
from hypothesis import strategies as st

from leadersboard.domain.gallery import Judged, Label, Piece, Verdict, chosen, hang

BAD, GOOD = Label(True, "hole"), Label(False, "good")
LABELS = {"g1": ("a", GOOD), "g2": ("a", GOOD), "g3": ("a", GOOD), "d1": ("a", BAD), "d2": ("a", BAD), "d3": ("b", BAD)}
JUDGED = Judged({"g1": 0.1, "g2": 0.2, "g3": 0.9, "d1": 0.15, "d2": 0.8, "d3": 0.5}, {"a": 0.7, "b": 0.4})


def hung(known: set[str] | None = None) -> list[Piece]:
    return hang(LABELS, JUDGED, LABELS.keys() if known is None else known)


def test_what_was_judged_wrong_comes_first_and_the_worst_of_it_before_the_rest() -> None:
    pieces = hung()
    # g3 stands above both other good ones; above d1 stand two of three, above d2 one, and that is called by the threshold.
    assert [piece.image_id for piece in pieces] == ["g3", "d1", "g2", "d2", "d3", "g1"]
    assert [piece.verdict for piece in pieces[:3]] == [Verdict.FALSE_ALARM, Verdict.MISSED, Verdict.RIGHT]
    assert [piece.wrongness for piece in pieces] == [1.0, 2 / 3, 0.5, 1 / 3, 0.0, 0.0]


def test_labels_that_may_not_be_known_are_told_in_no_way() -> None:
    known = {"d1", "g1"}
    pieces = hung(known)
    assert [piece.image_id for piece in pieces] == ["d1", "g1", "g3", "d2", "d3", "g2"]
    hidden = [piece for piece in pieces if piece.image_id not in known]
    assert [(piece.label, piece.verdict, piece.wrongness) for piece in hidden] == [(None, None, None)] * 4


def test_a_category_and_a_kind_of_error_can_be_chosen() -> None:
    assert [piece.image_id for piece in chosen(hung(), "b", None)] == ["d3"]
    assert [piece.image_id for piece in chosen(hung(), None, Verdict.MISSED)] == ["d1"]
    assert chosen(hung(), "b", Verdict.MISSED) == []
    assert len(chosen(hung(), None, None)) == len(LABELS)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1, allow_nan=False), st.booleans()), min_size=1, max_size=30))
def test_what_is_hidden_does_not_depend_on_the_label(images: list[tuple[bool, float, bool]]) -> None:
    names = [f"i{number}" for number in range(len(images))]
    scores = {name: score for name, (_, score, _) in zip(names, images, strict=True)}
    known = {name for name, (_, _, tells) in zip(names, images, strict=True) if tells}
    labels = {name: ("a", Label(anomalous, "x")) for name, (anomalous, _, _) in zip(names, images, strict=True)}
    turned = {
        name: ("a", label if name in known else Label(not label.is_anomalous, "y"))
        for name, (_, label) in labels.items()
    }
    judged = Judged(scores, {"a": 0.5})

    def seen(of: dict[str, tuple[str, Label]]) -> list[Piece]:
        return [piece for piece in hang(of, judged, known) if piece.image_id not in known]

    assert seen(labels) == seen(turned)
