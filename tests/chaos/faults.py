"""What can go wrong with a machine: each fault is a function that does it to the victim's platform and then mends it."""

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil

from tests.chaos.city import LEASE_SECONDS, City, Part, Victim, process_of
from tests.integration.conftest import wait_until

Fault = Callable[[City, Victim], None]
STAGES = ("pending", "starting", "executing", "scoring", "recording")
# Long enough that a lease goes.
_LONG = LEASE_SECONDS * 2.5
_SHORT = 3.0


def _pause(seconds: float) -> None:
    """Let a fault last; nothing is waited for."""
    time.sleep(seconds)


def pause_until_leases_are_gone() -> None:
    _pause(_LONG)


def worker_killed(city: City, victim: Victim) -> None:
    """The machine dies: the worker and all below it."""
    worker = city.worker_of(victim)
    below = worker.below()
    worker.kill()
    _, alive = psutil.wait_procs(below, timeout=20)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
    city.replace(worker)


def worker_only_killed(city: City, victim: Victim) -> None:
    """The worker's process alone is killed: what it has started must see it and end."""
    worker = city.worker_of(victim)
    below = worker.below()
    worker.signal(signal.SIGKILL)
    assert worker.process is not None
    worker.process.wait(30)
    _, alive = psutil.wait_procs(below, timeout=20)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
    city.replace(worker)


def worker_stopped(city: City, victim: Victim) -> None:
    """The worker stands still until its lease has gone, and goes on: two believe that they have the job."""
    worker = city.worker_of(victim)
    worker.signal(signal.SIGSTOP)
    _pause(_LONG)
    worker.signal(signal.SIGCONT)


def worker_doubled(city: City, victim: Victim) -> None:
    """The worker stands still just until another has its job: both are at it, and the first is ahead."""
    worker = city.worker_of(victim)
    worker.signal(signal.SIGSTOP)
    wait_until(lambda: city.is_elsewhere(victim), 60)
    taken = city.job(victim.job_id)["attempt"]
    worker.signal(signal.SIGCONT)
    wait_until(lambda: city.job(victim.job_id)["finished_at"] is not None, 60)
    assert city.job(victim.job_id)["attempt"] == taken, "who has lost a job takes it from nobody"


def machine_stopped(city: City, victim: Victim) -> None:
    """The worker and all below it stand still, as a virtual machine does that is suspended."""
    worker = city.worker_of(victim)
    worker.stop_all(signal.SIGSTOP)
    _pause(_LONG)
    worker.stop_all(signal.SIGCONT)


def worker_drained(city: City, victim: Victim) -> None:
    """The worker is told to end, with a job in hand."""
    worker = city.worker_of(victim)
    worker.signal(signal.SIGTERM)
    assert worker.process is not None
    assert worker.process.wait(60) == 0
    city.replace(worker)


def _found(city: City, victim: Victim, mark: str) -> psutil.Process | None:
    end = time.monotonic() + 20
    while time.monotonic() < end and city.job(victim.job_id)["status"] == "running":
        process = process_of(city, victim, mark)
        if process is not None:
            return process
        _pause(0.01)
    return None


def kernel_killed(city: City, victim: Victim) -> None:
    process = _found(city, victim, "r")
    if process is not None:
        process.kill()


def kernel_stopped(city: City, victim: Victim) -> None:
    process = _found(city, victim, "r")
    if process is not None:
        process.suspend()
        _pause(_SHORT)
        process.resume()


def scorer_killed(city: City, victim: Victim) -> None:
    process = _found(city, victim, "s")
    if process is not None:
        process.kill()


def scorer_stopped(city: City, victim: Victim) -> None:
    process = _found(city, victim, "s")
    if process is not None:
        process.suspend()
        _pause(_SHORT)
        process.resume()


def _restarted(part: Part) -> None:
    part.kill()
    if isinstance(part.ready, Path):
        part.ready.unlink(missing_ok=True)
    _pause(1)
    part.start()
    part.wait_ready()


def api_killed(city: City, victim: Victim) -> None:
    _restarted(city.api)


def api_stopped(city: City, victim: Victim) -> None:
    _stood_still(city.api, _SHORT)


def mlflow_killed(city: City, victim: Victim) -> None:
    _restarted(city.mlflow)


def mlflow_stopped(city: City, victim: Victim) -> None:
    _stood_still(city.mlflow, _LONG)


def redis_killed(city: City, victim: Victim) -> None:
    _restarted(city.redis)


def redis_stopped(city: City, victim: Victim) -> None:
    _stood_still(city.redis, _LONG)


def _stood_still(part: Part, seconds: float) -> None:
    part.stop_all(signal.SIGSTOP)
    _pause(seconds)
    part.stop_all(signal.SIGCONT)


def _redis_command(city: City, *words: str) -> None:
    from redis import Redis

    with Redis(unix_socket_path=str(city.redis.ready)) as client:
        client.execute_command(*words)


def redis_emptied(city: City, victim: Victim) -> None:
    _redis_command(city, "FLUSHALL")


def redis_from_an_old_file(city: City, victim: Victim) -> None:
    """Redis comes back as it was some jobs ago."""
    folder = Path(city.redis.ready).parent / "appendonlydir"
    single = Path(city.redis.ready).parent / "appendonly.aof"
    kept = folder if folder.exists() else single
    old = city.folder / "old-redis"
    if not old.exists():
        shutil.copytree(kept, old) if kept.is_dir() else shutil.copyfile(kept, old)
        _pause(_SHORT)
    city.redis.kill()
    Path(city.redis.ready).unlink(missing_ok=True)
    if kept.is_dir():
        shutil.rmtree(kept)
        shutil.copytree(old, kept)
    else:
        shutil.copyfile(old, kept)
    city.redis.start()
    city.redis.wait_ready()


def database_locked(seconds: float) -> Fault:
    def fault(city: City, victim: Victim) -> None:
        with closing(sqlite3.connect(city.database, timeout=60, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            _pause(seconds)
            connection.execute("ROLLBACK")

    return fault


def database_away(seconds: float) -> Fault:
    """The file is somewhere else for a while, as on a network disk that is gone; and nobody may make a new one."""

    def fault(city: City, victim: Victim) -> None:
        names = [city.database.with_name(city.database.name + end) for end in ("", "-wal", "-shm")]
        # Whoever has it open would not notice.
        with closing(sqlite3.connect(city.database, timeout=60, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for name in names:
                name.rename(name.with_name(f"away-{name.name}"))
            _pause(seconds)
            assert not city.database.exists()
            for name in names:
                name.with_name(f"away-{name.name}").rename(name)
            connection.execute("ROLLBACK")

    return fault


def mlflow_slow(city: City, victim: Victim) -> None:
    city.between.behave("slow")
    _pause(_LONG)
    city.between.behave("pass")


def mlflow_broken(city: City, victim: Victim) -> None:
    city.between.behave("error")
    _pause(_LONG)
    city.between.behave("pass")


def mlflow_covered(city: City, victim: Victim) -> None:
    """A proxy in between answers with a page of its own."""
    city.between.behave("page")
    _pause(_LONG)
    city.between.behave("pass")


def disk_full(name: str) -> Fault:
    """The disk that a folder lies on is filled to the last byte; `name` is below the city's folder."""

    def fault(city: City, victim: Victim) -> None:
        filler = city.folder / name / "filler"
        with filler.open("wb") as file:
            try:
                while True:
                    os.write(file.fileno(), bytes(1024 * 1024))
            except OSError:
                # As full as it gets; what is left is less than a piece.
                _fill_up(file.fileno())
        _pause(_SHORT * 2)
        filler.unlink()

    return fault


def _fill_up(descriptor: int) -> None:
    size = 1024 * 512
    while size:
        try:
            os.write(descriptor, bytes(size))
        except OSError:
            size //= 2


def clock_moved(seconds: float) -> Fault:
    """The victim's worker has the clock of another day, from now on and back again."""

    def fault(city: City, victim: Victim) -> None:
        _shift(city.worker_of(victim), seconds)

    return fault


def clock_of_api_moved(seconds: float) -> Fault:
    """The API has the clock of another day, from now on and back again."""

    def fault(city: City, victim: Victim) -> None:
        _shift(city.api, seconds)

    return fault


def _shift(part: Part, seconds: float) -> None:
    shift = Path(part.environment["CHAOS_CLOCK"])
    shift.write_text(str(seconds))
    _pause(_LONG)
    shift.write_text("0")


def everything_killed(city: City, victim: Victim) -> None:
    """The power goes: all at once, and all is started again."""
    parts = [city.api, city.mlflow, city.redis, *city.workers]
    for part in parts:
        part.kill()
    Path(city.redis.ready).unlink(missing_ok=True)
    for part in parts:
        part.start()
    for part in parts[:3]:
        part.wait_ready()
    wait_until(lambda: all(not worker.ended for worker in city.workers))
