"""Marks on recipients' copies: which meetings have them, papers prepared for them, and which copy is whose."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision: str | None = "0021"


def upgrade() -> None:
    """Add the columns, create the tables."""
    op.add_column("meeting", sa.Column("watermark", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("paper", sa.Column("marked", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("paper_version", sa.Column("exact", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "paper_mark",
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("line_at", sa.BigInteger, nullable=False),
        sa.Column("mask_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("content", name="pk_paper_mark"),
    )
    op.create_table(
        "paper_copy",
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("issued_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "person_id", name="pk_paper_copy"),
        sa.ForeignKeyConstraint(["version_id"], ["paper_version.id"], name="fk_paper_copy_version_id_paper_version"),
        sa.UniqueConstraint("number", name="uq_paper_copy_number"),
    )
