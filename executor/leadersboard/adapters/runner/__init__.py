"""Runs notebooks through papermill and scripts through Python, each in processes of its own."""

from leadersboard.adapters.runner.forkserver import ForkserverRunner

__all__ = ["ForkserverRunner"]
