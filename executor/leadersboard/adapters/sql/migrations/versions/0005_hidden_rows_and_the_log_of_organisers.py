"""Organisers hide rows of boards, and what they do is written down."""

import sqlalchemy as sa
from alembic import op

from leadersboard.adapters.sql.tables import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hidden_rows",
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_hidden_rows")),
    )
    op.create_table(
        "organiser_log",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_organiser_log")),
    )


def downgrade() -> None:
    op.drop_table("organiser_log")
    op.drop_table("hidden_rows")
