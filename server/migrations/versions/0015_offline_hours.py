"""For how long papers of a meeting open on a tablet without network."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    """Add the column; meetings that are there get the day that all had."""
    op.add_column("meeting", sa.Column("offline_hours", sa.BigInteger, nullable=False, server_default="24"))
