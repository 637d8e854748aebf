"""The tables of documents."""


revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
