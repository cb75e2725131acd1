"""The configuration is read by supervisord's own parser, so that what is written is what is meant."""

import shlex
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from leadersboard.settings import Settings
from leadersboard.supervisor import configuration
from leadersboard.supervisor.errors import UnusableTokens
from leadersboard.supervisor.preflight import prepare_folders
from leadersboard.supervisor.programs import Program


def _read_back(settings: Settings, part: Program) -> object:
    prepare_folders(settings)
    (settings.home_path / "service-logs").mkdir()
    options = ServerOptions()
    options.realize(["-n", "-c", str(configuration.write(settings, [part]))])
    (group,) = options.process_group_configs
    (program,) = group.process_configs
    return program


@pytest.mark.parametrize("odd", ["plain", "with space", "100%(home)s", "it's", "日本"])
def test_odd_paths_and_arguments_arrive_as_they_are(tmp_path: Path, odd: str) -> None:
    settings = Settings(home=tmp_path / odd)

    program = _read_back(settings, Program("api", ("/bin/echo", odd, ""), 30, {"API_TOKENS": "a:b=c,d%;e"}))

    assert vars(program)["stdout_logfile"] == str(tmp_path / odd / "service-logs" / "api.log")
    assert vars(program)["environment"] == {"API_TOKENS": "a:b=c,d%;e"}
    assert _arguments(vars(program)["command"]) == ["/bin/echo", odd, ""]


@pytest.mark.parametrize("token", ['a"b', "a'b", "a\nb"])
def test_a_token_that_the_format_cannot_hold_is_refused(tmp_path: Path, token: str) -> None:
    with pytest.raises(UnusableTokens):
        configuration.render(Settings(home=tmp_path), [Program("api", ("true",), 30, {"API_TOKENS": token})])


def test_a_part_may_take_its_time_to_end_and_takes_its_children_with_it(tmp_path: Path) -> None:
    program = _read_back(Settings(home=tmp_path / "home"), Program("worker", ("true",), 40, stop_seconds=33))

    assert (vars(program)["stopwaitsecs"], vars(program)["stopasgroup"], vars(program)["killasgroup"]) == (
        33,
        True,
        True,
    )


def _arguments(command: str) -> list[str]:
    return shlex.split(command)
