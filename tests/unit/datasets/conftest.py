"""A small data set of each kind."""

from pathlib import Path

import pytest

from leadersboard.datasets import Counts, PreparedDataset, generate, prepare


@pytest.fixture(scope="session")
def small_full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated data set in the layout of MVTec AD; not to be changed."""
    folder = tmp_path_factory.mktemp("data") / "full"
    generate(folder, 3, Counts(train=3, test_good=6, test_anomalous=6))
    return folder


@pytest.fixture(scope="session")
def small_prepared(small_full: Path, tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    return prepare(small_full, tmp_path_factory.mktemp("prepared"), "small", 5)
