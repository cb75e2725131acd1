"""Without walls nothing runs, unless somebody has said so in so many words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from leadersboard.adapters.runner.launch import PlainLauncher
from leadersboard.adapters.sandbox import BubblewrapLauncher, ContainerLauncher, NoSandbox, choose
from leadersboard.domain.sandbox import Containers, Sandbox


def command(name: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours, for which no program is installed but Python."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LEADERSBOARD_")}
    return subprocess.run(
        [sys.executable, "-m", "leadersboard.cli.main", name],
        env={**kept, "PATH": "/nowhere", "LEADERSBOARD_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def with_bubblewrap() -> None:
    try:
        choose(Sandbox.BUBBLEWRAP)
    except NoSandbox as problem:
        pytest.skip(str(problem))


@pytest.mark.parametrize(("language", "word"), [("C.UTF-8", "set LEADERSBOARD_SANDBOX"), ("ja_JP.UTF-8", "設定")])
def test_a_worker_without_walls_refuses_to_start_and_says_what_to_install(
    language: str, word: str, tmp_path: Path
) -> None:
    refused = command("worker", tmp_path, LC_ALL=language)
    assert refused.returncode == 2
    (line,) = [line for line in refused.stderr.splitlines() if "RuntimeWarning" not in line]
    assert "apt-get install bubblewrap" in line
    assert word in line


def test_the_platform_is_not_brought_up_without_walls(tmp_path: Path) -> None:
    refused = command("up", tmp_path)
    assert refused.returncode == 2
    assert "apt-get install bubblewrap" in refused.stderr


def test_the_doctor_names_what_is_missing(tmp_path: Path) -> None:
    found = command("doctor", tmp_path)
    (line,) = [line for line in found.stdout.splitlines() if " sandbox " in line]
    assert found.returncode == 1
    assert line.startswith("missing")
    assert "apt-get install bubblewrap" in line


def test_the_doctor_warns_of_an_installation_that_wants_no_walls(tmp_path: Path) -> None:
    found = command("doctor", tmp_path, LEADERSBOARD_SANDBOX="none")
    (line,) = [line for line in found.stdout.splitlines() if " sandbox " in line]
    assert line.startswith("warn")
    assert "submitted code may do whatever the worker may" in line


def test_no_walls_are_had_in_so_many_words() -> None:
    assert isinstance(choose(Sandbox.NONE).launcher, PlainLauncher)


@pytest.mark.usefixtures("with_bubblewrap")
def test_bubblewrap_is_taken_where_it_holds() -> None:
    chosen = choose(Sandbox.AUTO)
    assert chosen.sandbox is Sandbox.BUBBLEWRAP
    assert isinstance(chosen.launcher, BubblewrapLauncher)


def test_a_container_is_taken_where_it_is_asked_for(docker_host: str) -> None:
    chosen = choose(Sandbox.CONTAINER, (), Containers(docker_host))
    assert chosen.sandbox is Sandbox.CONTAINER
    assert isinstance(chosen.launcher, ContainerLauncher)
    assert docker_host in chosen.detail
    assert chosen.launcher.docker.ask("ps", "--all", "--quiet") == "", "nothing is left of the try"


def test_a_container_is_taken_where_bubblewrap_does_not_hold_and_it_is_said_why(
    docker_host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho no namespaces here >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    chosen = choose(Sandbox.AUTO, (), Containers(docker_host))
    assert chosen.sandbox is Sandbox.CONTAINER
    assert "no namespaces here" in chosen.detail


def test_the_doctor_tells_of_a_container_that_holds(docker_host: str, tmp_path: Path) -> None:
    asked = {"LEADERSBOARD_SANDBOX": "container", "LEADERSBOARD_SANDBOX_DOCKER": docker_host}
    found = command("doctor", tmp_path, PATH=os.environ["PATH"], **asked)
    (line,) = [line for line in found.stdout.splitlines() if " sandbox " in line]
    assert line.startswith("ok")
    assert "a container of Docker" in line


@pytest.mark.parametrize(("language", "words"), [("C.UTF-8", "start Docker"), ("ja_JP.UTF-8", "Docker を入れて")])
def test_the_doctor_says_what_containers_need(language: str, words: str, tmp_path: Path) -> None:
    found = command("doctor", tmp_path, LEADERSBOARD_SANDBOX="container", LC_ALL=language)
    (line,) = [line for line in found.stdout.splitlines() if " sandbox " in line]
    assert "docker was not found" in line
    assert words in line


def test_an_image_that_is_not_there_is_no_wall(docker_host: str) -> None:
    with pytest.raises(NoSandbox, match="docker at"):
        choose(Sandbox.CONTAINER, (), Containers(docker_host, "leadersboard/not-there:1"))


def test_walls_that_do_not_hold_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # It starts what it is told to, and puts nothing around it.
    pretender = tmp_path / "bwrap"
    pretender.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n')
    pretender.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NoSandbox, match="bwrap"):
        choose(Sandbox.BUBBLEWRAP)
