"""Stamps of secrecy that were read on scanned pages."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision: str | None = "0033"


def upgrade() -> None:
    """Create the column."""
    op.add_column("paper_scan", sa.Column("secret_mark", sa.Text, nullable=False, server_default=""))
