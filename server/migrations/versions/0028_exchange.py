"""Exchange with other bodies: codes on the axis, messages on their way out, messages that arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision: str | None = "0027"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "exchange_organ",
        sa.Column("body_id", sa.Text, nullable=False),
        sa.Column("organ_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("body_id", name="pk_exchange_organ"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_exchange_organ_body_id_body"),
        sa.UniqueConstraint("organ_id", name="uq_exchange_organ_organ_id"),
    )
    _outgoing()
    _incoming()


def _outgoing() -> None:
    texts = ("dossier_id", "sha256", "sender", "organ_id", "organ_name", "document_id", "state")
    later = ("due_at", "axis_id", "remarks", "sent_by", "sent_at", "changed_at")
    op.create_table(
        "exchange_outgoing",
        sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in later),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_outgoing"),
    )
    op.create_index("ix_exchange_outgoing_state", "exchange_outgoing", ["state", "due_at"])
    op.create_index("ix_exchange_outgoing_dossier_id", "exchange_outgoing", ["dossier_id"])
    op.create_index("ix_exchange_outgoing_document_id", "exchange_outgoing", ["document_id", "organ_id"])


def _incoming() -> None:
    texts = ("axis_id", "body_id", "kind", "sha256", "organ_id", "document_id", "found", "answer", "remarks")
    op.create_table(
        "exchange_incoming",
        sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("arrived_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_incoming"),
        sa.UniqueConstraint("axis_id", "body_id", name="uq_exchange_incoming_axis_id"),
    )
    op.create_index("ix_exchange_incoming_body_id", "exchange_incoming", ["body_id"])
