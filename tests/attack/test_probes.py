"""Everything that submitted code tries to reach, read or change from inside; each attempt fails."""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from tests.attack.conftest import WAIT_SECONDS, Record
from tests.attack.probes import PROBES, code
from tests.attack.world import HONEST, World, listening
from tests.integration.conftest import wait_until

VESSELS = ("notebook", "script")
Attempts = Mapping[str, tuple[str | None, str]]
_ARGUMENTS = "import sys\noutput_dir = sys.argv[sys.argv.index('--output') + 1]\n"


def _tried(vessel: str, world: World) -> Attempts:
    with listening() as servers:
        if vessel == "notebook":
            job_id = world.stack.submit(*code(world.told("nb.ipynb", servers)), HONEST)
        else:
            program = "\n".join([*code(world.told("main.py", servers), _ARGUMENTS), HONEST])
            job_id = world.stack.submit(files={"main.py": program.encode(), "config.yaml": b"a: 1\n"})
        job = world.stack.ended(job_id, WAIT_SECONDS)
    assert job["status"] == "completed", job["error"]
    world.nothing_is_left(job_id)
    lines = [line.removeprefix("ATTEMPT ") for line in world.stack.log(job_id).splitlines() if "ATTEMPT" in line]
    return {name: (got, why) for name, got, why in map(json.loads, lines)}


NEIGHBOUR = """
import os, pathlib, time
files = [pathlib.Path(folder, "neighbour") for folder in ("/tmp", "/dev/shm", os.environ["TMPDIR"], output_dir)]
for file in files:
    file.write_text("the neighbour's")
print("waiting", flush=True)
while not pathlib.Path({gate!r}).exists():
    time.sleep(0.05)
assert all(file.read_text() == "the neighbour's" for file in files)
"""


@contextmanager
def neighbour(world: World) -> Iterator[None]:
    """Have another job run meanwhile, and see that it is not disturbed."""
    gate = world.stack.settings.weights / f"gate-{uuid.uuid4().hex}"
    job_id = world.stack.submit(NEIGHBOUR.format(gate=str(gate)), HONEST, resource_class="patient")
    wait_until(lambda: "waiting" in world.stack.log(job_id), WAIT_SECONDS)
    yield
    gate.touch()
    job = world.stack.ended(job_id, WAIT_SECONDS)
    gate.unlink()
    assert job["status"] == "completed", job["error"]


@pytest.fixture(scope="module")
def attempts(whole_world: World) -> Mapping[str, Attempts]:
    """What came of each attempt: from one notebook and one script, which try them all."""
    before = whole_world.state()
    with neighbour(whole_world):
        found = {vessel: _tried(vessel, whole_world) for vessel in VESSELS}
    assert whole_world.state() == before, "the platform is as it was"
    return found


@pytest.mark.timeout(3 * WAIT_SECONDS)
@pytest.mark.parametrize("vessel", VESSELS)
@pytest.mark.parametrize("attack", PROBES)
def test_an_attempt_from_inside_fails(
    attack: str, vessel: str, attempts: Mapping[str, Attempts], record: Record
) -> None:
    got, why = attempts[vessel][attack]
    record(attack, vessel, f"IT SUCCEEDED: {got}" if got else why)
    assert got is None
