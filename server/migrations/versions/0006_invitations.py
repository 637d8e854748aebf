"""The tables of invitations: each meeting's calendar entry, who is still to be invited, and mails on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "invitation",
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_invitation"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_invitation_meeting_id_meeting"),
    )
    op.create_table(
        "invitation_due",
        sa.Column("participant_id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("mail", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("participant_id", name="pk_invitation_due"),
    )
    op.create_index("ix_invitation_due_meeting_id", "invitation_due", ["meeting_id"])
    op.create_table(
        "invitation_mail",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitation_mail"),
    )
    op.create_index("ix_invitation_mail_state", "invitation_mail", ["state", "due_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("invitation_mail")
    op.drop_table("invitation_due")
    op.drop_table("invitation")
