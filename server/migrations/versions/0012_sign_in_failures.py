"""Failed sign-ins, counted for all processes; and when grants begin or end by their dates."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("key_hash", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failure"),
    )
    op.create_index("ix_sign_in_failure_key_hash", "sign_in_failure", ["key_hash", "at"])
    op.create_index("ix_sign_in_failure_at", "sign_in_failure", ["at"])
    op.create_table(
        "account_grant_due",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("body_id", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_account_grant_due"),
    )
    op.create_index("ix_account_grant_due_at", "account_grant_due", ["at"])
