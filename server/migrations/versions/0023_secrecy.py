"""Stamps of secrecy found in what came in, and who let a paper through in spite of one."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision: str | None = "0022"


def upgrade() -> None:
    """Add the column and create the table."""
    op.add_column("paper_incoming", sa.Column("secret_mark", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "paper_override",
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("secret_mark", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version_id", name="pk_paper_override"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["paper_version.id"], name="fk_paper_override_version_id_paper_version"
        ),
    )
