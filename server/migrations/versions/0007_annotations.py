"""The tables of annotations."""


revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
