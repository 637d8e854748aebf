"""The tables of meetings: the sitting, its agenda and its participants."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "meeting",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body_id", sa.Text, nullable=False),
        sa.Column("body_name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("starts_at", sa.Text, nullable=False),
        sa.Column("ends_at", sa.Text),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("chair_id", sa.Text),
        sa.Column("chair", sa.LargeBinary, nullable=False),
        sa.Column("secretary_id", sa.Text),
        sa.Column("secretary", sa.LargeBinary, nullable=False),
        sa.Column("presenter", sa.LargeBinary, nullable=False),
        sa.Column("sites", sa.LargeBinary, nullable=False),
        sa.Column("current_item", sa.Text),
        sa.Column("item_since", sa.Text),
        sa.Column("started_at", sa.Text),
        sa.Column("ended_at", sa.Text),
        sa.Column("participants", sa.BigInteger, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    op.create_index("ix_meeting_body_id", "meeting", ["body_id"])
    op.create_index("ix_meeting_chair_id", "meeting", ["chair_id"])
    op.create_index("ix_meeting_secretary_id", "meeting", ["secretary_id"])
    op.create_table(
        "meeting_item",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("general", sa.Boolean, nullable=False),
        sa.Column("restricted", sa.Boolean, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("minutes", sa.BigInteger, nullable=False),
        sa.Column("presenter", sa.LargeBinary, nullable=False),
        sa.Column("questions", sa.LargeBinary, nullable=False),
        sa.Column("invitees", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_item"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_meeting_item_meeting_id_meeting"),
    )
    op.create_index("ix_meeting_item_meeting_id", "meeting_item", ["meeting_id"])
    op.create_table(
        "meeting_participant",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body_name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("voting_right", sa.Boolean, nullable=False),
        sa.Column("on_behalf_of", sa.Text),
        sa.Column("substitute_for", sa.Text),
        sa.Column("site_id", sa.Text),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.Text),
        sa.Column("mail", sa.Text, nullable=False),
        sa.Column("delivered_at", sa.Text),
        sa.Column("opened_at", sa.Text),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_at", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("substitute", sa.LargeBinary, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("shown", sa.LargeBinary),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_participant"),
        sa.UniqueConstraint("meeting_id", "person_id", name="uq_meeting_participant_meeting_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_meeting_participant_meeting_id_meeting"),
    )
    op.create_index("ix_meeting_participant_person_id", "meeting_participant", ["person_id"])
    op.create_index("ix_meeting_participant_stale", "meeting_participant", ["stale"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("meeting_participant")
    op.drop_table("meeting_item")
    op.drop_table("meeting")
