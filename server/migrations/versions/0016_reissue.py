"""How pages look, which page became which, and what annotations carry over to a re-issued paper."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"


def upgrade() -> None:
    """Create the tables, the origin of an annotation and the way to the annotations of a version."""
    op.create_table(
        "paper_look",
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.PrimaryKeyConstraint("content", name="pk_paper_look"),
    )
    op.create_table(
        "paper_page_map",
        sa.Column("old_content", sa.Text, nullable=False),
        sa.Column("new_content", sa.Text, nullable=False),
        sa.Column("origins", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("old_content", "new_content", name="pk_paper_page_map"),
    )
    op.create_table(
        "annotation_carry",
        sa.Column("version_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version_id", name="pk_annotation_carry"),
    )
    op.add_column("annotation", sa.Column("carried", sa.LargeBinary))
    op.create_index("ix_annotation_version_id", "annotation", ["version_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_annotation_version_id", "annotation")
    op.drop_column("annotation", "carried")
    op.drop_table("annotation_carry")
    op.drop_table("paper_page_map")
    op.drop_table("paper_look")
