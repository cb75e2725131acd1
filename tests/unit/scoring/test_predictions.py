"""What the check of predictions.csv says."""

import os
from pathlib import Path

import pytest

from leadersboard.scoring.predictions import read_scores
from leadersboard.scoring.reference import Reference
from leadersboard.scoring.refusal import PredictionsRefused
from tests.unit.scoring.conftest import write_predictions

Scores = dict[str, float]


def refusal(outputs: Path, reference: Reference) -> str:
    """Return what is said of the predictions, once it was seen to be said in both languages."""
    with pytest.raises(PredictionsRefused) as error:
        read_scores(outputs, reference)
    assert error.value.ja != error.value.en
    assert error.value.en.endswith(".")
    assert error.value.ja.endswith("。")
    assert str(outputs) not in error.value.en
    return error.value.en


def test_good_predictions_are_read(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, scores)
    assert read_scores(outputs, reference) == scores


def test_order_further_columns_and_a_byte_order_mark_do_not_matter(
    outputs: Path, reference: Reference, scores: Scores
) -> None:
    rows = [f"{number},{score!r},{name}" for number, (name, score) in enumerate(reversed(scores.items()))]
    (outputs / "predictions.csv").write_text("\ufeff,anomaly_score,image_id\r\n" + "\r\n".join(rows) + "\r\n\r\n")
    assert read_scores(outputs, reference) == scores


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999", "", "high", "0x1"])
def test_a_score_that_is_no_finite_number(outputs: Path, reference: Reference, scores: Scores, value: str) -> None:
    write_predictions(outputs, {**scores, "a_0002": value})
    assert refusal(outputs, reference) == (
        f"predictions.csv, line 4: the score of a_0002 is {value!r}. Scores must be finite numbers."
    )


def test_an_image_twice(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, scores)
    with (outputs / "predictions.csv").open("a") as file:
        file.write("a_0001,3\n")
    assert "line 10: a_0001 appears a second time" in refusal(outputs, reference)


@pytest.mark.parametrize("name", ["z_0000", "../hidden/labels", "a_0000.png", "x" * 500, "a\u202e0"])
def test_an_image_that_is_not_in_the_test(outputs: Path, reference: Reference, scores: Scores, name: str) -> None:
    write_predictions(outputs, {**scores, name: 1})
    said = refusal(outputs, reference)
    assert "line 10" in said
    assert "is not a test image" in said
    assert len(said) < 200
    assert said.isprintable()


def test_images_without_a_score(outputs: Path, reference: Reference, scores: Scores) -> None:
    write_predictions(outputs, {"a_0000": 1, "b_0003": 2})
    assert refusal(outputs, reference) == (
        "predictions.csv lacks 6 of 8 test images: a_0001, a_0002, a_0003, …. Give each image in test.csv a score."
    )


def test_no_file(outputs: Path, reference: Reference) -> None:
    assert refusal(outputs, reference).startswith("There is no predictions.csv in the output folder.")


def test_an_empty_file(outputs: Path, reference: Reference) -> None:
    (outputs / "predictions.csv").write_bytes(b"")
    assert "It has: none." in refusal(outputs, reference)


@pytest.mark.parametrize(
    "header", ["id,score", "image_id", "image_id,anomaly_score,image_id", "Image_ID,anomaly_score"]
)
def test_other_columns(outputs: Path, reference: Reference, header: str) -> None:
    (outputs / "predictions.csv").write_text(f"{header}\na_0000,1,2\n")
    assert "needs the columns image_id and anomaly_score, each once" in refusal(outputs, reference)


def test_a_row_that_is_too_short(outputs: Path, reference: Reference) -> None:
    (outputs / "predictions.csv").write_text("image_id,anomaly_score\na_0000\n")
    assert "line 2: a value is missing" in refusal(outputs, reference)


def test_text_in_another_encoding(outputs: Path, reference: Reference) -> None:
    (outputs / "predictions.csv").write_bytes("image_id,anomaly_score\nä,1\n".encode("latin-1"))
    assert "is not UTF-8 text (byte 23)" in refusal(outputs, reference)


def test_a_quote_that_never_ends(outputs: Path, reference: Reference) -> None:
    (outputs / "predictions.csv").write_text('image_id,anomaly_score\n"a_0000,1\n')
    assert "is not CSV" in refusal(outputs, reference)


def test_a_link_to_somewhere_else_is_not_followed(
    outputs: Path, reference: Reference, scores: Scores, tmp_path: Path
) -> None:
    write_predictions(tmp_path, scores)
    (outputs / "predictions.csv").symlink_to(tmp_path / "predictions.csv")
    assert "predictions.csv is not a regular file" in refusal(outputs, reference)


def test_a_pipe_is_not_waited_for(outputs: Path, reference: Reference) -> None:
    os.mkfifo(outputs / "predictions.csv")
    assert "predictions.csv is not a regular file" in refusal(outputs, reference)


def test_a_folder_in_its_place(outputs: Path, reference: Reference) -> None:
    (outputs / "predictions.csv").mkdir()
    assert "predictions.csv is not a regular file" in refusal(outputs, reference)


def test_an_endless_file_is_not_read(outputs: Path, reference: Reference) -> None:
    with (outputs / "predictions.csv").open("wb") as file:
        file.truncate(1 << 40)
    assert "has more than the 73,728 bytes" in refusal(outputs, reference)
