"""The records in PostgreSQL, dumped and restored by its own programs."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, inspect, make_url

from leadersboard.adapters.sql import connect
from leadersboard.backup.errors import DatabaseToolFailed, ToolMissing

_DUMP, _RESTORE = "pg_dump", "pg_restore"


def dump(dsn: str, target: Path) -> None:
    """Write what the database holds at one moment to the file `target`.

    Raises:
        ToolMissing, DatabaseToolFailed
    """
    _run(_DUMP, ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], dsn)


def load(dsn: str, source: Path) -> None:
    """Fill the empty database with a dump, whole or not at all.

    Raises:
        ToolMissing, DatabaseToolFailed
    """
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run(_RESTORE, [*options, str(source)], dsn)


def is_empty(dsn: str) -> bool:
    """Whether the database has no tables."""
    engine = connect(dsn)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _run(tool: str, options: Sequence[str], dsn: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise ToolMissing(tool=tool)
    url = make_url(dsn)
    # A password on the command line could be read by everybody on the machine.
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    command = [program, *options, f"--dbname={address.render_as_string(hide_password=False)}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DatabaseToolFailed(tool=tool, said=done.stderr.strip()[-500:])
