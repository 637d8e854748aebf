"""The tables of signatures."""


revision = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
