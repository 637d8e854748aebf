"""The words of papers, to be searched."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "paper_text",
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.PrimaryKeyConstraint("content", name="pk_paper_text"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("paper_text")
