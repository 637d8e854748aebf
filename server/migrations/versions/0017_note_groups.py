"""Groups that share a layer of notes: who is in them from when to when, and on which versions they have a layer."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision: str | None = "0016"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "note_group",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_note_group"),
    )
    op.create_index("ix_note_group_meeting_id", "note_group", ["meeting_id"])
    op.create_table(
        "note_group_member",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("group_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("until", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_note_group_member"),
    )
    op.create_index("ix_note_group_member_group_id", "note_group_member", ["group_id"])
    op.create_index("ix_note_group_member_person_id", "note_group_member", ["person_id"])
    op.create_table(
        "note_group_layer",
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("group_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "group_id", name="pk_note_group_layer"),
    )
    op.create_index("ix_note_group_layer_group_id", "note_group_layer", ["group_id"])
