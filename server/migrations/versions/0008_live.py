"""The tables of live."""


revision = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
