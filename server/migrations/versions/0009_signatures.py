"""The tables of signatures: whose key is enrolled, and who was asked to sign which version."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("certificate", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("image_sha256", sa.Text),
        sa.Column("enrolled_at", sa.Text, nullable=False),
        sa.Column("enrolled_by", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_signing_key"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_signing_key_person_id_person"),
    )
    op.create_index("ix_signing_key_person_id", "signing_key", ["person_id"])
    op.create_table(
        "signing_request",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("meeting_title", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("paper_id", sa.Text, nullable=False),
        sa.Column("paper_title", sa.Text, nullable=False),
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("pages", sa.BigInteger, nullable=False),
        sa.Column("official_id", sa.Text, nullable=False),
        sa.Column("official_name", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("remarks", sa.Text, nullable=False),
        sa.Column("signed_version_id", sa.Text),
        sa.Column("decided_at", sa.Text),
        sa.Column("signers", sa.LargeBinary, nullable=False),
        sa.Column("fields", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signing_request"),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_signing_request_paper_id_paper"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["paper_version.id"], name="fk_signing_request_version_id_paper_version"
        ),
        sa.ForeignKeyConstraint(
            ["signed_version_id"], ["paper_version.id"], name="fk_signing_request_signed_version_id_paper_version"
        ),
    )
    for column in ("meeting_id", "item_id", "paper_id", "version_id", "signed_version_id", "official_id"):
        op.create_index(f"ix_signing_request_{column}", "signing_request", [column])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("signing_request")
    op.drop_table("signing_key")
