"""The tables of documents."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
