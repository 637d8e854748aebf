"""The tables of accounts: access, dated grants, devices signed in, one-time codes, and roles of the demo."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "account",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_account"),
        sa.UniqueConstraint("user_name", name="uq_account_user_name"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_account_person_id_person"),
    )
    op.create_table(
        "account_grant",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("body_id", sa.Text),
        sa.Column("valid_from", sa.Text, nullable=False),
        sa.Column("valid_to", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_account_grant"),
        sa.ForeignKeyConstraint(["person_id"], ["account.person_id"], name="fk_account_grant_person_id_account"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_account_grant_body_id_body"),
    )
    op.create_index("ix_account_grant_person_id", "account_grant", ["person_id"])
    op.create_index("ix_account_grant_role", "account_grant", ["role", "body_id"])
    op.create_table(
        "device",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("idle_seconds", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.UniqueConstraint("token_hash", name="uq_device_token_hash"),
        sa.ForeignKeyConstraint(["person_id"], ["account.person_id"], name="fk_device_person_id_account"),
    )
    op.create_index("ix_device_person_id", "device", ["person_id"])
    op.create_table(
        "sign_in_code",
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_sign_in_code"),
        sa.UniqueConstraint("person_id", name="uq_sign_in_code_person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["account.person_id"], name="fk_sign_in_code_person_id_account"),
    )
    op.create_table(
        "demo_role",
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("role", name="pk_demo_role"),
        sa.ForeignKeyConstraint(["person_id"], ["account.person_id"], name="fk_demo_role_person_id_account"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("demo_role", "sign_in_code", "device", "account_grant", "account"):
        op.drop_table(table)
