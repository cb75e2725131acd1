"""Bootstrap intervals."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from leadersboard.scoring.intervals import REPLICATES, auroc_interval, auroc_replicates, mean_auroc_interval


def _category(seed: int, n: int = 100, distance: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    labels = np.arange(2 * n) % 2 == 1
    return np.random.default_rng(seed).normal(distance * labels, 1.0), labels


def test_the_same_seed_gives_the_same_interval() -> None:
    categories = [_category(1), _category(2)]
    assert mean_auroc_interval(categories, 5) == mean_auroc_interval(categories, 5)
    assert mean_auroc_interval(categories, 5) != mean_auroc_interval(categories, 6)


def test_the_score_lies_within() -> None:
    scores, labels = _category(1)
    low, high = auroc_interval(scores, labels, 0)
    assert low < roc_auc_score(labels, scores) < high


def test_replicates_are_the_auroc_of_what_was_drawn() -> None:
    scores, labels = _category(3, n=20)
    scores = np.round(scores, 1)
    replicates = auroc_replicates(scores, labels, np.random.default_rng(0))
    rng = np.random.default_rng(0)
    anomalous, good = (
        scores[chosen][rng.integers(0, chosen.sum(), (REPLICATES, chosen.sum()))] for chosen in (labels, ~labels)
    )
    for number in (0, 7, REPLICATES - 1):
        drawn = np.concatenate([good[number], anomalous[number]])
        truth = np.repeat([0, 1], 20)
        assert replicates[number] == pytest.approx(roc_auc_score(truth, drawn))


def test_more_images_make_it_narrower() -> None:
    few, many = (auroc_interval(*_category(1, n), 0) for n in (25, 400))
    assert many[1] - many[0] < 0.5 * (few[1] - few[0])


def test_the_mean_of_categories_is_surer_than_each() -> None:
    one, three = ([_category(seed) for seed in range(n)] for n in (1, 3))
    of_one, of_three = mean_auroc_interval(one, 0), mean_auroc_interval(three, 0)
    assert of_three[1] - of_three[0] < of_one[1] - of_one[0]


def test_perfect_scores_leave_no_doubt() -> None:
    labels = np.arange(10) % 2 == 1
    assert auroc_interval(labels.astype(float), labels, 0) == (1.0, 1.0)
