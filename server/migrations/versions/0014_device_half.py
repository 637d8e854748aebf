"""The server's half of the key under which a device keeps papers."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "device_half",
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("half", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("device_id", name="pk_device_half"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_device_half_device_id_device"),
    )
