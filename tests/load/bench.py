"""`make bench`: measures, writes `test-artifacts/bench.json`, and with `--write-docs` the figures of docs/benchmarks.md."""

import argparse
import json
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.load import http, memory, report, runs

RESULT = Path("test-artifacts/bench.json")
PARTS = ("http", "runs", "memory")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="measure one part")
    parser.add_argument("--quick", action="store_true", help="few requests and runs, to try it out")
    parser.add_argument("--write-docs", action="store_true", help="write the figures into docs/benchmarks.md")
    arguments = parser.parse_args()
    found: dict[str, Any] = json.loads(RESULT.read_text()) if arguments.only and RESULT.is_file() else {}
    found["machine"] = machine()
    for part in PARTS if arguments.only is None else (arguments.only,):
        with tempfile.TemporaryDirectory(prefix="lb") as folder:
            print(f"measuring {part} ...", flush=True)
            found[part] = _measure(part, Path(folder), arguments.quick)
            print(json.dumps(found[part], indent=2), flush=True)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=2))
    if arguments.write_docs:
        report.write(found)


def _measure(part: str, folder: Path, quick: bool) -> dict[str, Any]:
    if part == "http":
        return http.run(folder, 80 if quick else 1500, [0, 1000] if quick else [0, 1000, 10_000, 100_000])
    if part == "runs":
        return runs.run(folder, 1 if quick else 5)
    return memory.run(folder)


def machine() -> dict[str, Any]:
    """Say what was measured on, without saying whose it is."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": names[0].partition(":")[2].strip() if names else platform.machine(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "date": datetime.now(UTC).date().isoformat(),
    }


if __name__ == "__main__":
    main()
