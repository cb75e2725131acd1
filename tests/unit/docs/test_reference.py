"""The reference is whole: nothing is missing in it, and nothing stands there that is gone."""

import ast
import importlib
import re
import runpy
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import typer
from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from typer.core import TyperCommand, TyperGroup

import leadersboard
from leadersboard.api.app import create_app
from leadersboard.api.errors import STATUS_BY_KIND
from leadersboard.cli.main import app as command_line
from leadersboard.cli.outcome import ExitCode
from leadersboard.domain.errors import LeadersBoardError
from leadersboard.domain.job import Reason
from leadersboard.settings import Settings
from leadersboard_dashboards.settings import DashboardSettings

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference"
PACKAGE = Path(leadersboard.__file__).parent
# Read by the command line's own options, not by `Settings`.
CLIENT_SETTINGS = frozenset({"LEADERSBOARD_URL", "LEADERSBOARD_TOKEN"})


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def first_cells(text: str) -> list[str]:
    """The code that each row of the tables in `text` begins with."""
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def variable(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"LEADERSBOARD_{name.upper()}"


def test_every_setting_is_in_the_reference_and_no_other() -> None:
    settings = {variable(name, field) for name, field in Settings.model_fields.items()}

    assert sorted(first_cells(page("settings.md"))) == sorted(settings | CLIENT_SETTINGS)


def test_the_reference_gives_the_defaults_of_settings() -> None:
    stated = dict(re.findall(r"^\| `(\w+)` \| `?([^`|]*?)`? \|", page("settings.md"), re.MULTILINE))

    for name, field in Settings.model_fields.items():
        if field.default_factory is None and field.default not in ("", None):
            assert stated[variable(name, field)] == str(field.default), name


def hub_settings() -> dict[str, FieldInfo]:
    fields = runpy.run_path(str(ROOT / "hub" / "leadersboard_hub" / "settings.py"))["HubSettings"].model_fields
    return {f"LEADERSBOARD_HUB_{name.upper()}": field for name, field in fields.items()}


def test_every_setting_of_the_hub_is_in_the_reference_with_its_default() -> None:
    section = page("hub.md").partition("## Settings")[2]
    stated = dict(re.findall(r"^\| `(\w+)`(?: \*)? \| `?([^`|]*?)`? \|", section, re.MULTILINE))

    assert sorted(stated) == sorted(hub_settings())
    for name, field in hub_settings().items():
        if field.default not in ("", None):
            assert stated[name] == str(field.default), name


def test_every_setting_of_the_dashboards_is_in_the_reference_with_its_default() -> None:
    stated = dict(re.findall(r"^\| `([A-Z_]+)` \| `?([^`|]*?)`? \|", page("dashboards.md"), re.MULTILINE))
    fields = {name.upper(): field for name, field in DashboardSettings.model_fields.items()}
    assert sorted(stated) == sorted(fields)
    for name, field in fields.items():
        if field.default != "":
            assert stated[name] == str(field.default), name


def modules_with_errors() -> Iterator[str]:
    """Name the modules in which a class has a `code`, without importing the others, which may take seconds."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.ClassDef) and has_code(node) for node in ast.walk(tree)):
            yield ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


def has_code(node: ast.ClassDef) -> bool:
    assigned = [
        statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for statement in node.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
    ]
    return any(isinstance(target, ast.Name) and target.id == "code" for targets in assigned for target in targets)


def errors() -> list[type[LeadersBoardError]]:
    for module in modules_with_errors():
        importlib.import_module(module)
    return [LeadersBoardError, *below(LeadersBoardError)]


def below(error: type[LeadersBoardError]) -> Iterator[type[LeadersBoardError]]:
    for one in error.__subclasses__():
        if one.__module__.startswith("leadersboard."):
            yield one
            yield from below(one)


def test_every_error_code_is_in_the_reference() -> None:
    text = page("errors.md")

    missing = {f"{error.__module__}: {error.code}" for error in errors() if f"`{error.code}`" not in text}

    assert not missing


def test_the_reference_gives_the_status_of_errors_of_the_api() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\w+) \|", page("errors.md"), re.MULTILINE)
    of_the_api = [error for error in errors() if error.__module__.startswith("leadersboard.domain.errors.")]
    roots = {error for error in of_the_api if "code" not in vars(error) and "kind" not in vars(error)}

    for error in of_the_api:
        if error is not LeadersBoardError and error not in roots and error.code != LeadersBoardError.code:
            assert (error.code, str(STATUS_BY_KIND[error.kind]), error.fault.value) in rows


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_why_a_job_fails_is_in_the_reference(reason: Reason) -> None:
    assert f"| `{reason.value}` |" in page("errors.md")


def routes() -> set[str]:
    paths = create_app(Settings()).openapi()["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def test_every_route_is_in_the_reference_and_no_other() -> None:
    tables = [cell for cell in first_cells(page("api.md")) if cell.startswith(("GET ", "POST "))]

    assert sorted(tables) == sorted(routes())


def commands(group: TyperGroup, before: str = "leadersboard") -> Iterator[tuple[str, TyperCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{before} {name}")
        elif isinstance(command, TyperCommand):
            yield f"{before} {name}", command


def all_commands() -> list[tuple[str, TyperCommand]]:
    group = typer.main.get_command(command_line)
    assert isinstance(group, TyperGroup)
    return list(commands(group))


def test_every_command_is_in_the_reference_and_no_other() -> None:
    listed = [cell for cell in first_cells(page("cli.md")) if cell.startswith("leadersboard ")]

    assert sorted(listed) == sorted(name for name, _ in all_commands())


@pytest.mark.parametrize(("name", "command"), all_commands(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_option_is_in_the_reference(name: str, command: TyperCommand) -> None:
    text = page("cli.md")
    row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
    options = [option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)]

    missing = [one for one in options if one.startswith("--") and not mentions(row, one) and one not in shared(text)]

    assert not missing


def mentions(text: str, option: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text) is not None


def shared(text: str) -> Iterable[str]:
    """What the sentence above the table of client commands says of all of them."""
    sentence = next(line for line in text.splitlines() if line.startswith("These take"))
    return re.findall(r"--\w+", sentence)


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_in_the_reference(code: ExitCode) -> None:
    assert re.search(rf"^\| {int(code)} \|", page("cli.md"), re.MULTILINE)
