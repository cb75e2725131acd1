"""The walls hold where the platform is not run by root either: then submitted code runs as the platform's own user."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.another_user import NOBODY, ROOT, as_nobody
from tests.attack.conftest import WAIT_SECONDS, Record
from tests.attack.probes import PROBES

pytestmark = pytest.mark.skipif(
    os.getuid() != 0 or shutil.which("unshare") is None or shutil.which("setpriv") is None,
    reason="only root can become somebody else",
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of nobody's. Not in /tmp, which is the job's own inside, so that whatever is found there is no booty."""
    made = Path(tempfile.mkdtemp(prefix="lb", dir="/var/tmp"))
    (made / "keep").mkdir()
    os.chown(made, NOBODY, NOBODY)
    yield made
    shutil.rmtree(made)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": folder, "LEADERSBOARD_HOME": folder / "home", "LEADERSBOARD_REPORTS": folder}
    return subprocess.run(
        as_nobody([sys.executable, "-m", *words], folder / "keep"),
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=2 * WAIT_SECONDS,
        check=False,
    )


def test_the_doctor_says_that_the_walls_hold_and_whose_the_code_is(folder: Path) -> None:
    said = run(folder, "leadersboard.cli.main", "doctor").stdout
    (line,) = [line for line in said.splitlines() if " sandbox " in line]
    assert line.startswith("ok")
    assert "as the worker's user" in line


@pytest.mark.long
@pytest.mark.timeout(3 * WAIT_SECONDS)
def test_every_attempt_from_inside_fails_without_root_too(folder: Path, record: Record) -> None:
    probes = Path("tests", "attack", "test_probes.py")
    done = run(folder, "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={folder}/t", str(probes))
    record("all of it, the platform run by somebody who is not root", "without root", done.stdout.splitlines()[-1])
    assert done.returncode == 0, done.stdout
    assert re.search(rf"^{2 * len(PROBES)} passed", done.stdout, re.MULTILINE)
