"""The tables of invitations."""


revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
