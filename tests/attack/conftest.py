"""A platform to attack, and the table of what came of it."""

import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leadersboard.adapters.sandbox import choose
from leadersboard.domain.sandbox import Sandbox
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
_rows: list[tuple[str, str, str]] = []
Record = Callable[[str, str, str], None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long ones out of the short form."""
    long = [item for item in items if item.get_closest_marker("long")]
    if long and not LONG:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_sessionfinish() -> None:
    """Write the table."""
    if not _rows:
        return
    by_attack: dict[str, dict[str, str]] = {}
    for what, how, came in _rows:
        by_attack.setdefault(what, {})[how] = came
    lines = ["| attack | from a notebook | from a script |", "|---|---|---|"]
    for what, came_of in by_attack.items():
        elsewhere = "; ".join(f"{how}: {came}" for how, came in came_of.items() if how not in ("notebook", "script"))
        lines.append(f"| {what} | {came_of.get('notebook', elsewhere)} | {came_of.get('script', '')} |")
    REPORTS.mkdir(exist_ok=True)
    process = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = f"attacks{'-' + process if process else ''}.md"
    (REPORTS / name).write_text("\n".join([*lines, ""]), encoding="utf-8")


@pytest.fixture(scope="session")
def record() -> Record:
    """Take note of an attack: what it was, where it came from, what came of it."""

    def record(what: str, how: str, came: str) -> None:
        _rows.append((what, how, _PATH.sub("", came).replace("|", "\\|").replace("\n", " ")))

    return record


@pytest.fixture(scope="session")
def whole_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed here")
    # Walls that are there and do not hold are a failure.
    choose(Sandbox.AUTO)
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
        )
        world = World(stack, canary)
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
