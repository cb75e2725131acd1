"""The long form does everything at every stage; the short one a few things that stand for the rest."""

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.city import City, open_city

LONG = os.environ.get("LEADERSBOARD_CHAOS") == "long"
REPORTS = Path(__file__).parents[2] / "test-artifacts"
# Folders of a city that faults fill up, and how large their disks are. The first holds the others.
DISKS = {
    "home": 160,
    "home/scratch": 64,
    "home/submissions": 24,
    "home/artifacts": 600,
    "home/logs": 24,
    "mlflow": 600,
    "redis": 24,
}
_rows: list[dict[str, Any]] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long ones out of the short form."""
    long = [item for item in items if "chaos" in item.path.parts and item.get_closest_marker("long")]
    if long and not LONG:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_sessionfinish() -> None:
    if not _rows:
        return
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "chaos.json").write_text(json.dumps(_rows, indent=1), encoding="utf-8")
    by_fault: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows:
        by_fault[row["fault"]].append(row)
    lines = ["| what was done | at | times | jobs | lost | slowest to go on, s |", "|---|---|---|---|---|---|"]
    for fault, rows in by_fault.items():
        stages = ", ".join(dict.fromkeys(row["stage"] for row in rows))
        slowest = max(row["seconds"] for row in rows)
        jobs, lost = sum(row["jobs"] for row in rows), sum(row["lost"] for row in rows)
        lines.append(f"| {fault} | {stages} | {len(rows)} | {jobs} | {lost} | {slowest:.1f} |")
    (REPORTS / "chaos.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


@pytest.fixture(scope="session")
def rows() -> list[dict[str, Any]]:
    """What was done and what came of it, for the report."""
    return _rows


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A platform with two workers. In the long form its folders are small disks of their own, where that can be."""
    folder = tmp_path_factory.mktemp("c")
    mounted: list[Path] = []

    def mount(root: Path) -> None:
        for name, size in DISKS.items() if LONG and os.getuid() == 0 else ():
            disk = root / name
            disk.mkdir(exist_ok=True)
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(disk)], check=True)
            mounted.append(disk)

    try:
        with open_city(folder, mount) as city:
            yield city
    finally:
        for disk in reversed(mounted):
            subprocess.run(["umount", "--lazy", str(disk)], check=True)
