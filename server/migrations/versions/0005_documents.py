"""The tables of documents."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "paper",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("symbol", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("downloadable", sa.Boolean, nullable=False),
        sa.Column("versions", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("recalled_at", sa.Text),
        sa.Column("recalled_by", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
    )
    op.create_index("ix_paper_item_id", "paper", ["item_id"])
    op.create_index("ix_paper_meeting_id", "paper", ["meeting_id"])
    op.create_table(
        "paper_version",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("paper_id", sa.Text, nullable=False),
        sa.Column("no", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("source_sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("pages", sa.BigInteger, nullable=False),
        sa.Column("page_table", sa.LargeBinary, nullable=False),
        sa.Column("has_text", sa.Boolean, nullable=False),
        sa.Column("signed", sa.Boolean, nullable=False),
        sa.Column("issued_at", sa.Text, nullable=False),
        sa.Column("issued_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_paper_version"),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_paper_version_paper_id_paper"),
        sa.UniqueConstraint("paper_id", "no", name="uq_paper_version_paper_id"),
    )
    op.create_index("ix_paper_version_sha256", "paper_version", ["sha256"])
    op.create_table(
        "paper_reading",
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("received_at", sa.Text),
        sa.Column("opened_at", sa.Text),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "person_id", name="pk_paper_reading"),
        sa.ForeignKeyConstraint(["version_id"], ["paper_version.id"], name="fk_paper_reading_version_id_paper_version"),
    )
    op.create_index("ix_paper_reading_person_id", "paper_reading", ["person_id"])
    op.create_table(
        "paper_thumbnail",
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("page", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("content", "page", name="pk_paper_thumbnail"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("paper_thumbnail", "paper_reading", "paper_version", "paper"):
        op.drop_table(table)
