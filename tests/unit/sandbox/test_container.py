"""The command that starts a container says all that keeps its code in."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadersboard.adapters.runner.launch import Enclosure, lay_out
from leadersboard.adapters.sandbox import ContainerLauncher, Docker
from leadersboard.adapters.sandbox.container import name_of
from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.ports.runner import RunSpec

LIMITS = ResourceClass("small", wall_seconds=60, memory_bytes=400 * MIB, processes=64, file_bytes=MIB)


@pytest.fixture
def spec(tmp_path: Path) -> RunSpec:
    folders = [tmp_path / name for name in ("submission", "output", "run", "data")]
    for folder in folders:
        folder.mkdir()
    submission, output, run_dir, data = folders
    (data / "public").mkdir()
    (data / "hidden").mkdir()
    made = RunSpec(
        submission / "main.py",
        submission,
        output,
        run_dir,
        LIMITS,
        environment={"GIVEN": "a value"},
        readable=(data / "public",),
    )
    lay_out(made)
    return made


@pytest.fixture
def walls(spec: RunSpec) -> Iterator[Enclosure]:
    # With an image that is named, nothing has to be made first; no Docker is there to be asked.
    made = ContainerLauncher(Docker("docker", "unix:///nowhere"), image="some/image").enclose(spec)
    yield made
    made.close()


def values(command: list[str], option: str) -> list[str]:
    return [command[at + 1] for at, word in enumerate(command) if word == option]


def mounted(command: list[str]) -> dict[str, str]:
    """Return what is mounted from where, and how."""
    fields = [mount.split(",") for mount in values(command, "--mount")]
    return {each[1].removeprefix("source="): each[-1] for each in fields}


def test_the_code_has_no_network_no_capability_and_no_way_to_one(walls: Enclosure) -> None:
    command = walls.command(["python", "main.py"])
    assert values(command, "--network") == ["none"]
    assert values(command, "--cap-drop") == ["ALL"]
    assert values(command, "--security-opt") == ["no-new-privileges"]
    assert "--read-only" in command
    assert not {"--privileged", "--cap-add", "--pid", "--device", "--gpus", "--volume"} & {*command}


def test_the_code_is_never_root_where_the_platform_is(walls: Enclosure) -> None:
    (user,) = values(walls.command(["python"]), "--user")
    assert user.split(":")[0] != "0" or os.getuid() != 0


def test_every_limit_is_named(walls: Enclosure) -> None:
    command = walls.command(["python"])
    (memory,) = values(command, "--memory")
    assert LIMITS.memory_bytes < int(memory) < 2 * LIMITS.memory_bytes
    assert values(command, "--memory-swap") == [memory], "no swap beside it"
    assert values(command, "--pids-limit") == ["64"]
    assert {"core=0:0", f"fsize={MIB}:{MIB}", "msgqueue=0:0"} <= {*values(command, "--ulimit")}
    assert values(command, "--shm-size") == [str(100 * MIB)]
    (temporary,) = values(command, "--tmpfs")
    assert temporary.startswith("/tmp:")
    assert f"size={50 * MIB}" in temporary


def test_only_the_runs_own_folders_are_shown_and_only_its_outputs_are_open(walls: Enclosure, spec: RunSpec) -> None:
    shown = mounted(walls.command(["python"]))
    open_ones = {path for path, how in shown.items() if how != "readonly"}
    assert open_ones == {str(spec.output_dir), *(str(spec.run_dir / name) for name in ("s", "home", "tmp"))}
    others = {path for path in shown if path not in open_ones and not path.startswith(f"{spec.run_dir}/etc/")}
    assert others == {str(spec.folder), str(spec.readable[0])}
    assert not [path for path in shown if "docker" in path or "hidden" in path]


def test_this_machines_programs_are_shown_only_where_no_image_brings_its_own(walls: Enclosure) -> None:
    assert "/usr" not in mounted(walls.command(["python"]))


def test_values_of_the_environment_are_not_in_the_command_and_nobody_elses_names_are(
    walls: Enclosure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_WORKER", "s3cret")
    command = walls.command(["python"])
    names = values(command, "--env")
    assert "GIVEN" in names
    assert "SECRET_OF_WORKER" not in names
    assert not [word for word in command if "a value" in word or "s3cret" in word]


def test_dockers_own_configuration_and_images_from_elsewhere_are_not_asked_for(walls: Enclosure) -> None:
    command = walls.command(["python"])
    assert values(command, "--config") == ["/nonexistent"]
    assert values(command, "--host") == ["unix:///nowhere"]
    assert values(command, "--pull") == ["never"]
    assert values(command, "--log-driver") == ["none"], (
        "what is printed is limited by who reads it, not on Docker's disk"
    )


def test_a_path_with_a_comma_stays_one_path(spec: RunSpec, tmp_path: Path) -> None:
    odd = tmp_path / "a,b"
    odd.mkdir()
    walls = ContainerLauncher(Docker("docker", "unix:///nowhere"), "some/image", (odd,)).enclose(spec)
    (mount,) = [one for one in values(walls.command(["python"]), "--mount") if "a,b" in one]
    walls.close()
    assert mount == f'type=bind,"source={odd}","target={odd}",readonly'


def test_an_exit_code_is_told_as_python_tells_it(walls: Enclosure) -> None:
    assert [walls.exit_code(code) for code in (0, 3, 137, 139)] == [0, 3, -9, -11]


def test_each_attempt_has_a_name_of_its_own(spec: RunSpec, tmp_path: Path) -> None:
    other = RunSpec(spec.entrypoint, spec.folder, spec.output_dir, tmp_path / "elsewhere" / "run", LIMITS)
    assert name_of(spec) != name_of(other)
    assert name_of(spec).startswith("leadersboard-run-")
