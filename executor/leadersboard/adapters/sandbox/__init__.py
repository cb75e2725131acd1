"""Walls around submitted code: bubblewrap, or, said in so many words, none."""

from leadersboard.adapters.sandbox.bubblewrap import BubblewrapLauncher
from leadersboard.adapters.sandbox.choice import Choice, NoSandbox, choose

__all__ = ["BubblewrapLauncher", "Choice", "NoSandbox", "choose"]
