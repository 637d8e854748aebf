"""Signing with a tablet's key: a passkey may be asked to confirm it."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision: str | None = "0030"


def upgrade() -> None:
    """Add what the passkey's challenge is made of."""
    op.add_column("tablet_signing", sa.Column("nonce", sa.LargeBinary))
