"""The planner's statistics of the SQLite database of an MLflow on this machine.

SQLite takes them only when it is told to. Without them a search by metric takes over ten seconds among 10,000 runs.
"""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

logger = logging.getLogger(__name__)
# Rows of each index that are looked at: enough to tell a large table from a small one, and done in a moment.
_ROWS = 1000
_PATIENCE_SECONDS = 2.0


class SqliteStatistics:
    """The `Statistics` port over the file `database`. Where there is none, MLflow has a database that does so itself."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def refresh(self) -> bool:
        if not self._database.exists():
            return True
        try:
            address = f"{self._database.absolute().as_uri()}?mode=rw"
            with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS)) as connection:
                connection.execute(f"PRAGMA analysis_limit = {_ROWS}")
                connection.execute("ANALYZE")
        except sqlite3.Error as problem:
            logger.warning("the statistics of MLflow's database are not taken yet: %s", problem)
            return False
        return True
