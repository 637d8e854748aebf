"""Whose own stream tells of a draft of a closed item."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision: str | None = "0032"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "drafting_hearer",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name="pk_drafting_hearer"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafting_draft.id"], name="fk_drafting_hearer_draft_id_drafting_draft"),
    )
    op.create_index("ix_drafting_hearer_person_id", "drafting_hearer", ["person_id"])
