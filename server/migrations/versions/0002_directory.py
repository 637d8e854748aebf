"""The tables of directory."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
