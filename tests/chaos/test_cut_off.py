"""A worker on a machine of its own is cut off from everything, and comes back when its lease has long gone."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import faults
from tests.chaos.city import City, Victim, open_city
from tests.chaos.test_machines_die import carry_out
from tests.conftest import free_port
from tests.integration.conftest import wait_until

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.getuid() != 0 or shutil.which("ip") is None, reason="only root can cut a network"),
]
HERE, THERE = "10.213.77.1", "10.213.77.2"
SPACE, NEAR, FAR = "lb-chaos", "lbchaos0", "lbchaos1"
_POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def wire() -> Iterator[None]:
    """A network of two: this machine, and one whose only neighbour this is."""
    ip("netns", "add", SPACE)
    try:
        ip("link", "add", NEAR, "type", "veth", "peer", "name", FAR, "netns", SPACE)
        ip("address", "add", f"{HERE}/30", "dev", NEAR)
        ip("link", "set", NEAR, "up")
        for words in (
            ("address", "add", f"{THERE}/30", "dev", FAR),
            ("link", "set", FAR, "up"),
            ("link", "set", "lo", "up"),
        ):
            ip("-n", SPACE, *words)
        yield
    finally:
        ip("netns", "delete", SPACE)


@pytest.fixture(scope="module")
def postgres(wire: None) -> Iterator[str]:
    """PostgreSQL that the other machine can reach."""
    if not _POSTGRES:
        pytest.skip("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    folder, port = Path(tempfile.mkdtemp(prefix="pg")), free_port()
    os.chown(folder, 65534, 65534)

    def run(tool: str, *words: str) -> None:
        as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        subprocess.run([*as_user, _POSTGRES[-1] / tool, *words], check=True, capture_output=True, cwd=folder)

    data = str(folder / "data")
    run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync")
    with (folder / "data" / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {HERE}/30 trust\n")
    options = f"-c listen_addresses={HERE} -c port={port} -c unix_socket_directories={folder}"
    start = ("-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    run("pg_ctl", *start)
    yield f"postgresql://postgres@{HERE}:{port}/postgres"
    run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def city(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A platform of which one worker is on the other machine."""
    folder, port = tmp_path_factory.mktemp("n"), free_port()
    listen = ("--port", str(port), "--bind", HERE, "--protected-mode", "no")
    redis_url = f"redis://{HERE}:{port}"
    with open_city(folder, address=HERE, listen=listen, database_url=postgres, redis_url=redis_url) as city:
        near = city.workers[0]
        near.kill()
        city.workers.remove(near)
        far = city.start_worker(within=("ip", "netns", "exec", SPACE))
        wait_until(lambda: city.worker_is_ready(far) or far.ended, 120)
        yield city


def cut_off(city: City, victim: Victim) -> None:
    ip("link", "set", NEAR, "down")
    faults.pause_until_leases_are_gone()
    # The address goes with the link.
    ip("link", "set", NEAR, "up")


@pytest.mark.parametrize("stage", ["starting", "executing", "scoring", "recording"])
def test_a_worker_that_was_cut_off_spoils_nothing(city: City, stage: str, rows: list[dict[str, Any]]) -> None:
    carry_out(city, ("worker cut off from the network", cut_off, stage), rows, at=city.workers[-1])


def test_a_database_server_that_is_away_for_a_minute_costs_nothing(
    city: City, postgres: str, rows: list[dict[str, Any]]
) -> None:
    def cut_all(city: City, victim: Victim) -> None:
        ip("address", "delete", f"{HERE}/30", "dev", NEAR)
        faults.pause_until_leases_are_gone()
        ip("address", "add", f"{HERE}/30", "dev", NEAR)

    carry_out(city, ("PostgreSQL, Redis and MLflow away", cut_all, "executing"), rows)
