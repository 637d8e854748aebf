"""What each device holds of papers and has purged; and what each device found when it tested itself for a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision: str | None = "0018"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "paper_device",
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("kept_at", sa.Text, nullable=False),
        sa.Column("purged_at", sa.Text),
        sa.Column("unreadable_at", sa.Text),
        sa.PrimaryKeyConstraint("version_id", "device_id", name="pk_paper_device"),
        sa.ForeignKeyConstraint(["version_id"], ["paper_version.id"], name="fk_paper_device_version_id_paper_version"),
    )
    op.create_index("ix_paper_device_device_id", "paper_device", ["device_id"])
    op.create_table(
        "paper_device_told",
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("device_id", name="pk_paper_device_told"),
    )
    op.create_table(
        "live_ready",
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("found", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "device_id", name="pk_live_ready"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_live_ready_meeting_id_meeting"),
    )
    op.create_index("ix_live_ready_device_id", "live_ready", ["device_id"])
