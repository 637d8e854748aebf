"""The tables of accounts."""


revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
