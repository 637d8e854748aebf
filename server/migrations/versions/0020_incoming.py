"""What came in and is no paper yet, file by file; and of what kind the file was that a version was made of."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision: str | None = "0019"


def upgrade() -> None:
    """Create the tables, add the column."""
    op.add_column("paper_version", sa.Column("source_kind", sa.Text, nullable=False, server_default="pdf"))
    op.create_table(
        "paper_incoming",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("paper_id", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("symbol", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("batch", sa.Text, nullable=False),
        sa.Column("files", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.BigInteger, nullable=False),
        sa.Column("leased_until", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("sha256", sa.Text),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("findings", sa.LargeBinary),
        sa.Column("source_sha256", sa.Text),
        sa.Column("source_kind", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_paper_incoming"),
        sa.UniqueConstraint("created_by", "batch", name="uq_paper_incoming_created_by"),
    )
    op.create_index("ix_paper_incoming_item_id", "paper_incoming", ["item_id"])
    op.create_index("ix_paper_incoming_meeting_id", "paper_incoming", ["meeting_id"])
    op.create_index("ix_paper_incoming_stage", "paper_incoming", ["stage"])
    op.create_table(
        "paper_incoming_file",
        sa.Column("incoming_id", sa.Text, nullable=False),
        sa.Column("no", sa.BigInteger, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("incoming_id", "no", name="pk_paper_incoming_file"),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["paper_incoming.id"], name="fk_paper_incoming_file_incoming_id_paper_incoming"
        ),
    )
