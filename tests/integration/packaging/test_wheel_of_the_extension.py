"""The wheel of the JupyterLab extension, in an environment that holds nothing else of ours, and no node."""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EXTENSION = ROOT / "hub" / "labextension"

# Everything is downloaded once more where nothing is cached.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `pip wheel` builds it, from a copy without what was built before."""
    folder = tmp_path_factory.mktemp("build")
    left = shutil.ignore_patterns("node_modules", "lib", "labextension", "__pycache__", "*.tsbuildinfo")
    source = folder / "source"
    shutil.copytree(EXTENSION, source, ignore=left)
    if (EXTENSION / "node_modules").is_dir():
        (source / "node_modules").symlink_to(EXTENSION / "node_modules")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", folder, source]
    subprocess.run(build, check=True, capture_output=True, env={**os.environ, "PATH": path})
    (built,) = folder.glob("jupyterlab_leadersboard-*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with JupyterLab and the wheel."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=True)
    install = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "jupyterlab>=4.6,<4.7",
    ]
    subprocess.run([*install, wheel], check=True, capture_output=True, env=without_node())
    return folder


def without_node() -> dict[str, str]:
    """The environment of somebody who has no node."""
    folders = [folder for folder in os.environ["PATH"].split(os.pathsep) if not (Path(folder) / "node").exists()]
    return {**os.environ, "PATH": os.pathsep.join(folders)}


def said(environment: Path, *command: str) -> str:
    done = subprocess.run(
        [environment / "bin" / "python", "-m", *command], capture_output=True, text=True, check=True, env=without_node()
    )
    return re.sub(r"\x1b\[\d+m", "", done.stdout + done.stderr)


def test_lab_lists_it_as_well(environment: Path) -> None:
    (line,) = (
        line for line in said(environment, "jupyter", "labextension", "list").splitlines() if "leadersboard" in line
    )
    assert "enabled" in line
    assert "OK" in line


def test_the_server_loads_its_half(environment: Path) -> None:
    listed = said(environment, "jupyter", "server", "extension", "list")
    assert "jupyterlab_leadersboard enabled" in " ".join(listed.split())
    assert re.search(r"jupyterlab_leadersboard (\S+ )?OK", " ".join(listed.split()))


def test_it_needs_nothing_of_the_platform(environment: Path) -> None:
    done = subprocess.run(
        [environment / "bin" / "python", "-c", "import leadersboard"], capture_output=True, check=False
    )
    assert b"ModuleNotFoundError" in done.stderr
