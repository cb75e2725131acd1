"""Data sets shaped like MVTec AD: generated, checked, and split into what participants see and what is hidden."""

from leadersboard.datasets.generate import generate
from leadersboard.datasets.mvtec import DatasetLayoutError, Layout, check_layout
from leadersboard.datasets.prepare import PreparedDataset, find, prepare

__all__ = ["DatasetLayoutError", "Layout", "PreparedDataset", "check_layout", "find", "generate", "prepare"]
