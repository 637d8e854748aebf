"""Keys of persons, bodies and tablets: whose, of which kind, where they lie, and when they were revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision: str | None = "0024"


def upgrade() -> None:
    """A key gets a holder in the place of a person; the table is made anew, since SQLite cannot drop a foreign key."""
    op.create_table(
        "signing_key_new",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("certificate", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text),
        sa.Column("image_sha256", sa.Text),
        sa.Column("image_width_mm", sa.Float),
        sa.Column("enrolled_at", sa.Text, nullable=False),
        sa.Column("enrolled_by", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.Column("revoked_at", sa.Text),
        sa.Column("revoked_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_signing_key_new"),
    )
    op.execute(
        "INSERT INTO signing_key_new (id, holder, kind, certificate, chain, reference, image_sha256, enrolled_at,"
        " enrolled_by, ended_at) SELECT id, 'person:' || person_id, 'pkcs12', certificate, chain, file, image_sha256,"
        " enrolled_at, enrolled_by, ended_at FROM signing_key"
    )
    op.drop_table("signing_key")
    op.rename_table("signing_key_new", "signing_key")
    if op.get_bind().dialect.name == "postgresql":  # SQLite does not know the names of primary keys
        op.execute("ALTER TABLE signing_key RENAME CONSTRAINT pk_signing_key_new TO pk_signing_key")
    op.create_index("ix_signing_key_holder", "signing_key", ["holder"])
    op.create_index("ix_signing_key_device_id", "signing_key", ["device_id"])
