"""The tables. Migrations build them; a test holds the two together."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times in Python, UTC without a zone in the database: SQLite keeps no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


users = Table(
    "users",
    metadata,
    Column("user_id", String(200), primary_key=True),
    Column("last_served_at", UtcDateTime, comment="when a worker last took a job of theirs: the turn in the queue"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("submission_id", String(64), primary_key=True),
    Column("user_id", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("entrypoint", String(200), nullable=False),
    Column("config_file", String(200), nullable=False),
    Column("files", JSON, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("parameters", JSON(none_as_null=True), comment="null where a notebook has no parameters cell"),
    Column("idempotency_key", String(200)),
    UniqueConstraint("user_id", "idempotency_key"),
    Index(None, "user_id", "created_at"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("job_id", String(64), primary_key=True),
    Column("submission_id", ForeignKey(submissions.c.submission_id), nullable=False),
    Column("user_id", String(200), nullable=False),
    Column("resource_class", String(64), nullable=False),
    Column("benchmark", String(100)),
    Column("benchmark_version", String(50)),
    Column("parameters", JSON, nullable=False),
    Column("config", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("stage", String(16)),
    Column("cell", Integer),
    Column("cells", Integer),
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("worker", String(200)),
    Column("device", String(50)),
    Column("lease_expires_at", UtcDateTime),
    Column("cancel_requested_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("peak_memory_bytes", BigInteger),
    Column("failure", JSON(none_as_null=True)),
    Column("run_id", String(64)),
    Column("recorded_at", UtcDateTime, comment="when tracking held all of the final job"),
    Column("recording_until", UtcDateTime, comment="a recorder has it in hand until then"),
    Column("idempotency_key", String(200)),
    Column("restored_cells", JSON(none_as_null=True), comment="locked cells that were put back before the run"),
    Column("kept_bytes", BigInteger, comment="size of outputs and logs, once measured"),
    Column("pruned_at", UtcDateTime, comment="when outputs and logs were removed"),
    UniqueConstraint("user_id", "idempotency_key"),
    Index(None, "status", "user_id", "created_at"),
    Index(None, "user_id", "created_at"),
    Index(None, "created_at"),
    Index(None, "submission_id"),
    Index(None, "run_id"),
    Index(None, "status", "finished_at"),
    Index(None, "benchmark", "benchmark_version", "status"),
)

# Unfinished recordings are few among all jobs ever run.
Index(
    "ix_jobs_unrecorded",
    jobs.c.finished_at,
    sqlite_where=jobs.c.recorded_at.is_(None),
    postgresql_where=jobs.c.recorded_at.is_(None),
)

# What retention looks through: jobs that have files.
Index(
    "ix_jobs_kept",
    jobs.c.finished_at,
    sqlite_where=jobs.c.pruned_at.is_(None),
    postgresql_where=jobs.c.pruned_at.is_(None),
)

workers = Table(
    "workers",
    metadata,
    Column("worker", String(200), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("slots", Integer, nullable=False),
    Column("busy", Integer, nullable=False),
    Column("mood", String(32), nullable=False),
    Column("counts", JSON, nullable=False),
)

results = Table(
    "results",
    metadata,
    Column("job_id", ForeignKey(jobs.c.job_id), primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("scored", JSON, nullable=False),
    Column("intervals", JSON, nullable=False),
    Column("by_category", JSON, nullable=False),
    Column("reported", JSON, nullable=False),
    Column("reported_params", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("receipt", JSON(none_as_null=True), comment="the platform's signature; what has none is not on a board"),
)

# It outlives what it is about: no foreign keys.
quota_ledger = Table(
    "quota_ledger",
    metadata,
    Column("entry_id", Integer, primary_key=True),
    Column("user_id", String(200), nullable=False),
    Column("submission_id", String(64), nullable=False),
    Column("charged_at", UtcDateTime, nullable=False),
    Column("charged_for", String(32), nullable=False),
    Column("cost", Integer, nullable=False),
    Column("returned_at", UtcDateTime),
    Column("returned_for", String(32)),
    Column("job_id", String(64), comment="the job that it was given back for"),
    Index(None, "user_id", "charged_at"),
    Index(None, "submission_id"),
)

hidden_rows = Table(
    "hidden_rows",
    metadata,
    Column("job_id", String(64), primary_key=True),
    Column("reason", String(500), nullable=False),
)

# Like the ledger it outlives what it is about.
organiser_log = Table(
    "organiser_log",
    metadata,
    Column("entry_id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("deed", String(32), nullable=False),
    Column("job_id", String(64), nullable=False),
    Column("reason", String(500), nullable=False),
)
