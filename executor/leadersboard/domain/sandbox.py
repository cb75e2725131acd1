"""Which walls stand around submitted code."""

from dataclasses import dataclass
from enum import StrEnum

DOCKER_HOST = "unix:///var/run/docker.sock"


class Sandbox(StrEnum):
    """What an operator may ask for; `auto` is the first that holds here: bubblewrap, else a container."""

    AUTO = "auto"
    BUBBLEWRAP = "bubblewrap"
    CONTAINER = "container"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Containers:
    """Where containers are had: the address of Docker, and the image that they are made of, empty for none."""

    docker_host: str = DOCKER_HOST
    image: str = ""
