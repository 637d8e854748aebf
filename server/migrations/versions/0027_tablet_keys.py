"""Keys of tablets: who asked for one, what signing is under way on a tablet, and the lists of revoked certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision: str | None = "0026"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "tablet_key",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("device_name", sa.Text, nullable=False),
        sa.Column("body_id", sa.Text, nullable=False),
        sa.Column("body_name", sa.Text, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Text, nullable=False),
        sa.Column("decided_at", sa.Text),
        sa.Column("remarks", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Text),
        sa.Column("valid_until", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_tablet_key"),
    )
    for column in ("person_id", "body_id"):
        op.create_index(f"ix_tablet_key_{column}", "tablet_key", [column])
    op.create_table(
        "tablet_signing",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("prepared_sha256", sa.Text, nullable=False),
        sa.Column("to_sign", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("signature_sha256", sa.Text),
        sa.Column("answer", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_tablet_signing"),
    )
    for column in ("request_id", "expires_at"):
        op.create_index(f"ix_tablet_signing_{column}", "tablet_signing", [column])
    op.create_table(
        "revocation_list",
        sa.Column("body_id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("pem", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("body_id", name="pk_revocation_list"),
    )
