"""Letting another device in from one's own: what is on its way, and which devices only read."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision: str | None = "0031"


def upgrade() -> None:
    """Create the table, mark devices."""
    op.add_column("device", sa.Column("read_only", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "sign_in_lending",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("read_only", sa.Boolean, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("code", sa.LargeBinary),
        sa.Column("browser", sa.LargeBinary),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("device_name", sa.Text, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_lending"),
        sa.UniqueConstraint("code", name="uq_sign_in_lending_code"),
        sa.UniqueConstraint("browser", name="uq_sign_in_lending_browser"),
    )
    for column in ("device_id", "expires_at"):
        op.create_index(f"ix_sign_in_lending_{column}", "sign_in_lending", [column])
