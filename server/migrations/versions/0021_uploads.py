"""Files on their way in: how much of each has come, and the parts that it lies in."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision: str | None = "0020"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "paper_upload",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("paper_id", sa.Text),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("query", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("parts", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_paper_upload"),
    )
    op.create_index("ix_paper_upload_item_id", "paper_upload", ["item_id"])
    op.create_index("ix_paper_upload_meeting_id", "paper_upload", ["meeting_id"])
    op.create_index("ix_paper_upload_person_id", "paper_upload", ["person_id"])
    op.create_index("ix_paper_upload_expires_at", "paper_upload", ["expires_at"])
    op.create_table(
        "paper_upload_part",
        sa.Column("upload_id", sa.Text, nullable=False),
        sa.Column("no", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("upload_id", "no", name="pk_paper_upload_part"),
        sa.ForeignKeyConstraint(["upload_id"], ["paper_upload.id"], name="fk_paper_upload_part_upload_id_paper_upload"),
    )
    op.create_index("ix_paper_version_source_sha256", "paper_version", ["source_sha256"])
