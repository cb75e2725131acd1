"""Machines die while jobs come and go; every job that was accepted ends, once, and nothing is left over."""

import os
import signal
import threading
import time
from typing import Any

import pytest

from tests.chaos import faults
from tests.chaos.city import City, Victim
from tests.chaos.conftest import DISKS
from tests.chaos.faults import STAGES, Fault
from tests.chaos.parts import Part
from tests.integration.conftest import wait_until

RUNNING = STAGES[1:]
# A job whose worker died is to be running elsewhere within this.
_ELSEWHERE_SECONDS = 30

SHORT: tuple[tuple[str, Fault, str], ...] = (
    ("worker killed", faults.worker_killed, "executing"),
    ("everything killed", faults.everything_killed, "scoring"),
    ("Redis emptied", faults.redis_emptied, "pending"),
    ("database locked for 5 s", faults.database_locked(5), "recording"),
)
_EVERYWHERE: tuple[tuple[str, Fault], ...] = (
    ("worker killed, with all below it", faults.worker_killed),
    ("worker killed alone", faults.worker_only_killed),
    ("worker stopped until its lease was gone", faults.worker_stopped),
    ("worker's machine suspended", faults.machine_stopped),
    ("worker told to end", faults.worker_drained),
    ("API killed", faults.api_killed),
    ("API stopped", faults.api_stopped),
    ("MLflow killed", faults.mlflow_killed),
    ("MLflow stopped", faults.mlflow_stopped),
    ("MLflow slow", faults.mlflow_slow),
    ("MLflow answers 500", faults.mlflow_broken),
    ("MLflow covered by another server's page", faults.mlflow_covered),
    ("Redis killed", faults.redis_killed),
    ("Redis stopped", faults.redis_stopped),
    ("Redis emptied", faults.redis_emptied),
    ("Redis restored from an old file", faults.redis_from_an_old_file),
    ("clock two days ahead, and back", faults.clock_moved(172_800)),
    ("clock two days behind, and back", faults.clock_moved(-172_800)),
    ("clock of the API two days ahead, and back", faults.clock_of_api_moved(172_800)),
    ("clock of the API two days behind, and back", faults.clock_of_api_moved(-172_800)),
    ("database locked for a minute", faults.database_locked(60)),
    ("database away for a minute", faults.database_away(60)),
    ("everything killed and started again", faults.everything_killed),
)
_SOMEWHERE: tuple[tuple[str, Fault, str], ...] = (
    *(("two workers at one job", faults.worker_doubled, stage) for stage in RUNNING),
    ("kernel killed", faults.kernel_killed, "starting"),
    ("kernel killed", faults.kernel_killed, "executing"),
    ("kernel stopped for 3 s", faults.kernel_stopped, "executing"),
    ("scorer killed", faults.scorer_killed, "scoring"),
    ("scorer stopped for 3 s", faults.scorer_stopped, "scoring"),
)
_DISKS = tuple((f"disk of {name} full", faults.disk_full(name), stage) for name in DISKS for stage in STAGES)
LONG = (*((name, fault, stage) for name, fault in _EVERYWHERE for stage in STAGES), *_SOMEWHERE)


def named(cases: tuple[tuple[str, Fault, str], ...]) -> list[Any]:
    return [pytest.param(*case, id=f"{case[0]}, {case[2]}") for case in cases]


class Watch:
    """Looks when the victim goes on: with another attempt, or by being over."""

    def __init__(self, city: City, victim: Victim) -> None:
        self._city, self._victim = city, victim
        self._began = time.monotonic()
        self.seconds: float | None = None
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._given_up.wait(0.05):
            if self._city.is_elsewhere(self._victim):
                self.seconds = time.monotonic() - self._began
                return

    def close(self) -> None:
        self._given_up.set()
        self._thread.join()


def carry_out(
    city: City,
    case: tuple[str, Fault, str],
    rows: list[dict[str, Any]],
    within: float = 200,
    at: Part | None = None,
) -> None:
    """Let jobs flow, do it to one of them, with the worker `at` where it matters, and see that nothing is lost."""
    name, fault, stage = case
    city.flow()
    before = len(city.accepted)
    victim = city.victim_at(stage, at)
    watch = Watch(city, victim)
    try:
        fault(city, victim)
        wait_until(lambda: watch.seconds is not None, within)
    finally:
        watch.close()
    city.settle()
    city.check()
    # `check` has seen that whatever was accepted is there: a job that was lost ends the test.
    done = {"fault": name, "stage": stage, "jobs": len(city.accepted) - before, "lost": 0, "seconds": watch.seconds}
    rows.append(done)


@pytest.mark.parametrize(("name", "fault", "stage"), named(SHORT))
def test_nothing_is_lost_in_short(city: City, name: str, fault: Fault, stage: str, rows: list[dict[str, Any]]) -> None:
    carry_out(city, (name, fault, stage), rows)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("name", "fault", "stage"), named(LONG))
def test_nothing_is_lost(city: City, name: str, fault: Fault, stage: str, rows: list[dict[str, Any]]) -> None:
    carry_out(city, (name, fault, stage), rows)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.skipif(os.getuid() != 0, reason="only root can make small disks")
@pytest.mark.parametrize(("name", "fault", "stage"), named(_DISKS))
def test_nothing_is_lost_for_want_of_room(
    city: City, name: str, fault: Fault, stage: str, rows: list[dict[str, Any]]
) -> None:
    carry_out(city, (name, fault, stage), rows)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("stage", RUNNING)
def test_with_the_usual_settings_a_job_whose_worker_died_runs_elsewhere_soon(
    city: City, stage: str, rows: list[dict[str, Any]]
) -> None:
    usual = {"LEASE_SECONDS": "15", "HEARTBEAT_SECONDS": "2", "RECONCILE_SECONDS": "5"}
    for worker in list(city.workers):
        worker.signal(signal.SIGTERM)
        assert worker.process is not None
        worker.process.wait(60)
        city.workers.remove(worker)
    for _ in range(2):
        city.start_worker(**{f"LEADERSBOARD_{name}": value for name, value in usual.items()})
    city.wait_for_workers()
    carry_out(city, ("worker killed, usual settings", faults.worker_killed, stage), rows, _ELSEWHERE_SECONDS)
