"""Drafts of papers that come out of a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision: str | None = "0028"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "drafting_draft",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("draft_kind", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("begun", sa.LargeBinary, nullable=False),
        sa.Column("paper_id", sa.Text),
        sa.Column("filed", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafting_draft"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_drafting_draft_meeting_id_meeting"),
    )
    op.create_index("ix_drafting_draft_meeting_id", "drafting_draft", ["meeting_id"])
    op.create_index("ix_drafting_draft_item_id", "drafting_draft", ["item_id"])
