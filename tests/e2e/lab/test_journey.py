"""From the login to the rank, without leaving JupyterLab."""

from collections.abc import Callable

from tests.e2e.lab.conftest import Person


def test_login(person: Callable[..., Person]) -> None:
    ann = person("ann")
    ann.keep("launcher")
