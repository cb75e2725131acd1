"""Measures, writes test-artifacts/bench.json, and with --write-docs docs/benchmarks.md. Asserts nothing about time."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.load import boards, http_speed, lab, machine, report, rest, trips
from tests.load.installation import Installation

Figures = dict[str, Any]
ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-artifacts" / "bench.json"
PARTS = ("http", "rest", "trips", "lab", "boards")


def main(arguments: Sequence[str]) -> None:
    options = _parsed(arguments)
    if not options.docs_only:
        machine.forget_settings()
        os.chdir(ROOT)
        for part, figures in _measured(set(options.only or PARTS), quick=options.quick):
            _keep(part, figures, quick=options.quick)
    if options.write_docs or options.docs_only:
        report.write(json.loads(RESULTS.read_text(encoding="utf-8")), ROOT / "docs")
        _say(f"written: docs/{report.PAGE}")


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part; may be given again")
    parser.add_argument("--quick", action="store_true", help="a few requests each, to see that it works")
    parser.add_argument("--write-docs", action="store_true", help="write docs/benchmarks.md from the figures kept")
    parser.add_argument("--docs-only", action="store_true", help="measure nothing, write the page")
    return parser.parse_args(arguments)


def _measured(wanted: set[str], *, quick: bool) -> Iterator[tuple[str, Figures]]:
    """Yield each part that is wanted with its figures, as soon as they are there."""
    alone = {"http": http_speed.measure, "lab": lab.measure, "boards": boards.measure}
    # Short, since sockets lie below it.
    with tempfile.TemporaryDirectory(prefix="lb") as name:
        folder = Path(name)
        for part, measure in alone.items():
            if part in wanted:
                with _timed(part):
                    found = measure(_made(folder / part), quick=quick)
                yield part, found
        if wanted & {"rest", "trips"}:
            yield from _of_an_installation(_made(folder / "up"), wanted, quick=quick)


def _of_an_installation(folder: Path, wanted: set[str], *, quick: bool) -> Iterator[tuple[str, Figures]]:
    installation = Installation(folder)
    try:
        with _timed("rest" if "rest" in wanted else "start"):
            if "rest" in wanted:
                yield "rest", rest.measure(installation, quick=quick)
            else:
                installation.up()
        if "trips" in wanted:
            with _timed("trips"):
                yield "trips", trips.measure(installation, folder, quick=quick)
    finally:
        installation.down()


def _keep(part: str, figures: Figures, *, quick: bool) -> None:
    """Put what was measured beside what is known of the other parts, if that is from the same machine."""
    here = machine.described()
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    others = known.get("parts", {}) if known.get("machine") == here else {}
    fresh = {part: {"date": machine.today(), "quick": quick, **figures}}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": here, "parts": {**others, **fresh}}, indent=1), encoding="utf-8")
    for line in report.lines({"machine": here, "parts": fresh}, head=False):
        sys.stdout.write(line + "\n")
    _say(f"written: {RESULTS.relative_to(ROOT)}")


@contextmanager
def _timed(part: str) -> Iterator[None]:
    busy = machine.busy_share()
    if busy > 0.1:
        _say(f"{part}: something else takes {busy:.0%} of the processors; figures will be worse for it")
    begun = time.monotonic()
    yield
    _say(f"{part}: measured in {time.monotonic() - begun:.0f} s")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
