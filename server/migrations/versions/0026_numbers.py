"""The registry: series of numbers, the book of issued papers, letters with a series of their own, sealed copies."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision: str | None = "0025"


def _texts(names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names.split())


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "number_series",
        sa.Column("body_id", sa.Text, nullable=False),
        sa.Column("year", sa.BigInteger, nullable=False),
        *_texts("paper_kind code"),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("last_dated", sa.Text),
        sa.PrimaryKeyConstraint("body_id", "year", "paper_kind", "code", name="pk_number_series"),
    )
    op.create_table(
        "number_entry",
        *_texts("id body_id"),
        sa.Column("year", sa.BigInteger, nullable=False),
        *_texts("paper_kind code"),
        sa.Column("number", sa.BigInteger, nullable=False),
        *_texts("symbol dated title signer recipients source state"),
        sa.Column("dossier_id", sa.Text),
        sa.Column("base_sha256", sa.Text, nullable=False),
        sa.Column("version_id", sa.Text),
        *_texts("reserved_by reserved_at due_at"),
        sa.Column("confirmed_at", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_number_entry"),
        sa.UniqueConstraint("body_id", "year", "paper_kind", "code", "number", name="uq_number_entry_body_id"),
        sa.UniqueConstraint("dossier_id", name="uq_number_entry_dossier_id"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_number_entry_dossier_id_dossier"),
        sa.ForeignKeyConstraint(["version_id"], ["paper_version.id"], name="fk_number_entry_version_id_paper_version"),
    )
    op.create_index("ix_number_entry_state", "number_entry", ["state", "due_at"])
    op.create_table(
        "number_code",
        *_texts("body_id code name citation"),
        sa.PrimaryKeyConstraint("body_id", "code", name="pk_number_code"),
    )
    op.create_table(
        "dossier_copy",
        *_texts("id dossier_id copy_kind filename sha256 made_by made_by_name made_at"),
        sa.Column("pages", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dossier_copy"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_dossier_copy_dossier_id_dossier"),
    )
    op.create_index("ix_dossier_copy_dossier_id", "dossier_copy", ["dossier_id"])


def downgrade() -> None:
    """Drop them."""
    for name in ("dossier_copy", "number_code", "number_entry", "number_series"):
        op.drop_table(name)
