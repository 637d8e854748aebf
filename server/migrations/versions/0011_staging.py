"""Where long acts lay their rows before one short transaction makes them visible: lists of participants, imports."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "meeting_participant_staged",
        sa.Column("batch", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body_name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("voting_right", sa.Boolean, nullable=False),
        sa.Column("on_behalf_of", sa.Text),
        sa.Column("site_id", sa.Text),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("substitute", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("batch", "id", name="pk_meeting_participant_staged"),
    )
    op.create_table(
        "directory_import",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("renewed_at", sa.Text, nullable=False),
        sa.Column("entered", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_import"),
    )
    op.create_table(
        "directory_import_person",
        sa.Column("import_id", sa.Text, nullable=False),
        sa.Column("is_new", sa.Boolean, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("full_name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("sort_key", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.PrimaryKeyConstraint("import_id", "id", name="pk_directory_import_person"),
    )
    op.create_table(
        "directory_import_posting",
        sa.Column("import_id", sa.Text, nullable=False),
        sa.Column("is_new", sa.Boolean, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("body_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.Text, nullable=False),
        sa.Column("valid_to", sa.Text),
        sa.PrimaryKeyConstraint("import_id", "id", name="pk_directory_import_posting"),
    )
