"""A platform to attack, and the table of what came of it."""

import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from leadersboard.adapters.sandbox import choose
from leadersboard.domain.sandbox import Containers, Sandbox
from tests.attack.cases import SHORT_IN_CONTAINERS
from tests.attack.probes import PROBES
from tests.attack.world import BENCHMARKS, HONEST, World, write_guarded_dataset
from tests.integration.conftest import wait_until
from tests.integration.worker.conftest import running_stack

RESOURCES = Path(__file__).with_name("resources.toml")
REPORTS = Path(os.environ.get("LEADERSBOARD_REPORTS") or Path(__file__).parents[2] / "test-artifacts")
# The long form tries everything in every way; the short one each kind of attack in one.
LONG = os.environ.get("LEADERSBOARD_ATTACKS") == "long"
# For a job that waits behind others, on a machine that is busy.
WAIT_SECONDS = 600
# Where things lie on the machine that was attacked is no part of the result.
_PATH = re.compile(r"(?::| ->)? '/[^']*(?:'(?: -> '/[^']*(?:'|$))?|$)")
# Which walls stand around the jobs is a parameter of the world; each has a table of its own.
_WORLD = "whole_world"
_REPORTS_OF = {Sandbox.BUBBLEWRAP: "attacks", Sandbox.CONTAINER: "attacks-in-containers"}
_rows: list[tuple[Sandbox, str, str, str]] = []
Record = Callable[[str, str, str], None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long ones out of the short form, and in containers all but what shows that the walls hold."""
    long = [item for item in items if item.get_closest_marker("long") or not _is_in_short_form(item)]
    if long and not LONG:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def _walls(item: pytest.Item) -> Sandbox:
    """Return which walls a test is about."""
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return Sandbox(parameters.get(_WORLD, Sandbox.BUBBLEWRAP))


def _is_in_short_form(item: pytest.Item) -> bool:
    if _walls(item) is not Sandbox.CONTAINER:
        return True
    parameters = item.callspec.params if isinstance(item, pytest.Function) else {}
    return parameters.get("attack") in {*PROBES, *SHORT_IN_CONTAINERS}


def pytest_sessionfinish() -> None:
    """Write the tables."""
    for walls, name in _REPORTS_OF.items():
        rows = [row[1:] for row in _rows if row[0] is walls]
        if rows:
            _write_table(name, rows)


def _write_table(name: str, rows: Sequence[tuple[str, str, str]]) -> None:
    by_attack: dict[str, dict[str, str]] = {}
    for what, how, came in rows:
        by_attack.setdefault(what, {})[how] = came
    lines = ["| attack | from a notebook | from a script |", "|---|---|---|"]
    for what, came_of in by_attack.items():
        elsewhere = "; ".join(f"{how}: {came}" for how, came in came_of.items() if how not in ("notebook", "script"))
        lines.append(f"| {what} | {came_of.get('notebook', elsewhere)} | {came_of.get('script', '')} |")
    REPORTS.mkdir(exist_ok=True)
    process = os.environ.get("PYTEST_XDIST_WORKER", "")
    (REPORTS / f"{name}{'-' + process if process else ''}.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """Take note of an attack: what it was, where it came from, what came of it."""

    def record(what: str, how: str, came: str) -> None:
        _rows.append((_walls(request.node), what, how, _PATH.sub("", came).replace("|", "\\|").replace("\n", " ")))

    return record


@pytest.fixture(scope="session", params=list(_REPORTS_OF))
def whole_world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    sandbox: Sandbox = request.param
    containers = Containers()
    if sandbox is Sandbox.CONTAINER:
        containers = Containers(request.getfixturevalue("docker_host"))
    elif shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed here")
    # Walls that are there and do not hold are a failure.
    choose(sandbox, (), containers)
    folder = tmp_path_factory.mktemp("w")
    canary = f"canary-{uuid.uuid4().hex}"
    write_guarded_dataset(folder / "home" / "data", canary)
    # The machine is busy while it is attacked: times are as outside tests, but for the classes that are about time.
    changed = {"lease_seconds": 15, "heartbeat_seconds": 2, "small_wall_seconds": 600, "resources_file": RESOURCES}
    with running_stack(folder, benchmarks_dir=BENCHMARKS, default_benchmark="guarded", **changed) as stack:
        stack.start_worker(
            LEADERSBOARD_WORKER_SLOTS="2",
            LEADERSBOARD_WORKER_CLASSES="small,brief,frugal,patient",
            LEADERSBOARD_RESOURCES_FILE=str(RESOURCES),
            LEADERSBOARD_SANDBOX=sandbox,
            LEADERSBOARD_SANDBOX_DOCKER=containers.docker_host,
        )
        world = World(stack, canary, sandbox)
        world.victim = stack.submit("print('the work of another')", HONEST)
        victim = stack.ended(world.victim, WAIT_SECONDS)
        assert victim["status"] == "completed", victim["error"]
        wait_until(lambda: [run["info"]["status"] for run in stack.mlflow.runs(world.victim)] == ["FINISHED"])
        yield world


@pytest.fixture
def world(whole_world: World) -> Iterator[World]:
    """The platform, seen to be as it was when the attack is over, and to go on with its work."""
    before = whole_world.state()
    yield whole_world
    assert whole_world.state() == before
