"""Displays in halls: principals of one meeting each."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "screen",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("code_hash", sa.LargeBinary),
        sa.Column("token_hash", sa.LargeBinary),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_screen"),
        sa.UniqueConstraint("code_hash", name="uq_screen_code_hash"),
        sa.UniqueConstraint("token_hash", name="uq_screen_token_hash"),
    )
    op.create_index("ix_screen_meeting_id", "screen", ["meeting_id"])
