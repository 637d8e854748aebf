"""Words of scans: which pages of which bytes have to be recognised, how far that is, and where the words are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision: str | None = "0017"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "paper_scan",
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("pages", sa.BigInteger, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("told", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("content", name="pk_paper_scan"),
    )
    op.create_table(
        "paper_scan_page",
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("page", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.BigInteger, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.PrimaryKeyConstraint("content", "page", name="pk_paper_scan_page"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("paper_scan_page")
    op.drop_table("paper_scan")
