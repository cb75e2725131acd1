"""Results carry a receipt, submissions are charged in a ledger, jobs say which locked cells were put back."""

import sqlalchemy as sa
from alembic import op

from leadersboard.adapters.sql.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Results from before stay unsigned: an operator who vouches for them signs them with 'leadersboard verify'.
    op.add_column(
        "results",
        sa.Column(
            "receipt",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="the platform's signature; what has none is not on a board",
        ),
    )
    op.add_column(
        "jobs",
        sa.Column(
            "restored_cells",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="locked cells that were put back before the run",
        ),
    )
    op.create_table(
        "quota_ledger",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("charged_at", UtcDateTime(), nullable=False),
        sa.Column("charged_for", sa.String(length=32), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("returned_at", UtcDateTime(), nullable=True),
        sa.Column("returned_for", sa.String(length=32), nullable=True),
        sa.Column("job_id", sa.String(length=64), nullable=True, comment="the job that it was given back for"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_quota_ledger")),
    )
    op.create_index("ix_quota_ledger_user_id_charged_at", "quota_ledger", ["user_id", "charged_at"])
    op.create_index("ix_quota_ledger_submission_id", "quota_ledger", ["submission_id"])
    op.execute(
        "INSERT INTO quota_ledger (user_id, submission_id, charged_at, charged_for, cost)"
        " SELECT user_id, submission_id, created_at, 'submission', 1 FROM submissions ORDER BY created_at"
    )


def downgrade() -> None:
    op.drop_table("quota_ledger")
    op.drop_column("jobs", "restored_cells")
    op.drop_column("results", "receipt")
