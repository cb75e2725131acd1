"""The records in a SQL database: SQLite in WAL mode, or PostgreSQL."""

from leadersboard.adapters.sql.engine import connect, migrate
from leadersboard.adapters.sql.records import SqlRecords

__all__ = ["SqlRecords", "connect", "migrate"]
