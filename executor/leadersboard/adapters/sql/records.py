"""Transactions over the tables."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from leadersboard.adapters.sql.jobs import SqlJobRecords
from leadersboard.adapters.sql.submissions import SqlSubmissionRecords
from leadersboard.ports.records import RecordsUnavailable, Transaction


class _SqlTransaction:
    def __init__(self, connection: Connection) -> None:
        self.submissions = SqlSubmissionRecords(connection)
        self.jobs = SqlJobRecords(connection)


class SqlRecords:
    """The `Records` port. SQLite has one writer at a time: threads of this process queue up fairly before its door,
    instead of sleeping and trying again as SQLite would have them do."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._door = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        with _translated(), self._engine.connect() as connection, connection.begin():
            yield _SqlTransaction(connection)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        with (
            _translated(),
            self._door,
            self._engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield _SqlTransaction(connection)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, NoConnectionLeft) as error:
        raise RecordsUnavailable(str(error)) from error
