"""Workers say how they are, and jobs whose files were removed say so."""

import sqlalchemy as sa
from alembic import op

from leadersboard.adapters.sql.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workers",
        sa.Column("worker", sa.String(length=200), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("busy", sa.Integer(), nullable=False),
        sa.Column("mood", sa.String(length=32), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_workers")),
    )
    op.add_column(
        "jobs",
        sa.Column("kept_bytes", sa.BigInteger(), nullable=True, comment="size of outputs and logs, once measured"),
    )
    op.add_column(
        "jobs",
        sa.Column("pruned_at", UtcDateTime(), nullable=True, comment="when outputs and logs were removed"),
    )
    op.create_index(
        "ix_jobs_kept",
        "jobs",
        ["finished_at"],
        sqlite_where=sa.text("pruned_at IS NULL"),
        postgresql_where=sa.text("pruned_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_jobs_kept", "jobs")
    op.drop_column("jobs", "pruned_at")
    op.drop_column("jobs", "kept_bytes")
    op.drop_table("workers")
