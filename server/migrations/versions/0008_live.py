"""The tables of the sitting: who presents a meeting now, and what is shown in an item."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "live_presenter",
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_live_presenter"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_live_presenter_meeting_id_meeting"),
    )
    op.create_table(
        "live_presenting",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("shown", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_live_presenting"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_live_presenting_meeting_id_meeting"),
    )
    op.create_index("ix_live_presenting_meeting_id", "live_presenting", ["meeting_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("live_presenting")
    op.drop_table("live_presenter")
