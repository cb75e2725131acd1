"""Transactions over the tables."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from leadersboard.adapters.sql.boards import SqlBoardRecords
from leadersboard.adapters.sql.jobs import SqlJobRecords
from leadersboard.adapters.sql.ledger import SqlQuotaLedger
from leadersboard.adapters.sql.monitoring import SqlFigureRecords, SqlWorkerRecords
from leadersboard.adapters.sql.overview import SqlOverviewRecords
from leadersboard.adapters.sql.results import SqlResultRecords
from leadersboard.adapters.sql.retention import SqlRetentionRecords
from leadersboard.adapters.sql.submissions import SqlSubmissionRecords
from leadersboard.domain.signature import Verify, trust_nobody
from leadersboard.ports.records import RecordsUnavailable, Transaction


class _SqlTransaction:
    def __init__(self, connection: Connection, verify: Verify) -> None:
        self.submissions = SqlSubmissionRecords(connection)
        self.ledger = SqlQuotaLedger(connection)
        self.results = SqlResultRecords(connection, verify)
        self.jobs = SqlJobRecords(connection, self.results, self.ledger)
        self.boards = SqlBoardRecords(connection, self.results)
        self.workers = SqlWorkerRecords(connection)
        self.figures = SqlFigureRecords(connection)
        self.overview = SqlOverviewRecords(connection, self.jobs)
        self.retention = SqlRetentionRecords(connection)


class SqlRecords:
    """The `Records` port. SQLite has one writer at a time: threads of this process queue up fairly before its door,
    instead of sleeping and trying again as SQLite would have them do.

    Boards hold what `verify` says is signed; without one they are empty."""

    def __init__(self, engine: Engine, verify: Verify = trust_nobody) -> None:
        self._engine = engine
        self._verify = verify
        self._door = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        with _translated(), self._engine.connect() as connection, connection.begin():
            yield _SqlTransaction(connection, self._verify)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        with (
            _translated(),
            self._door,
            self._engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield _SqlTransaction(connection, self._verify)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, NoConnectionLeft) as error:
        raise RecordsUnavailable(str(error)) from error
