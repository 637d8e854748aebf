"""The tables of the core: the journal with its audiences and receipts, the audit checkpoints, the sealing keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "stream",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("audience_since", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("floor", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stream"),
    )
    op.create_index("ix_stream_audience", "stream", ["audience"])
    op.create_table(
        "operation",
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text),
        sa.Column("op_id", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name="pk_operation"),
        sa.ForeignKeyConstraint(["stream"], ["stream.id"], name="fk_operation_stream_stream"),
    )
    op.create_table(
        "audience_member",
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("audience", "member", name="pk_audience_member"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audience_member_member", "audience_member", ["member"])
    op.create_table(
        "receipt",
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("op_id", sa.Text, nullable=False),
        sa.Column("body_hash", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("op_id", "actor", name="pk_receipt"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("streams", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_checkpoint"),
    )
    op.create_table(
        "sealing_key",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_sealing_key"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("sealing_key", "checkpoint", "receipt", "audience_member", "operation", "stream"):
        op.drop_table(table)
