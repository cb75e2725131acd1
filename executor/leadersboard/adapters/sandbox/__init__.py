"""Walls around submitted code: bubblewrap, a container, or, said in so many words, none."""

from leadersboard.adapters.sandbox.bubblewrap import BubblewrapLauncher
from leadersboard.adapters.sandbox.choice import Choice, NoSandbox, choose
from leadersboard.adapters.sandbox.container import ContainerLauncher
from leadersboard.adapters.sandbox.docker import Docker

__all__ = [
    "BubblewrapLauncher",
    "Choice",
    "ContainerLauncher",
    "Docker",
    "NoSandbox",
    "choose",
]
