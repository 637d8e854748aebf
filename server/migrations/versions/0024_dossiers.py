"""The way of a paper to being issued: dossiers, their steps, who signs for whom, the register of signed files."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision: str | None = "0023"


def _texts(names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names.split())


def upgrade() -> None:
    """Create the tables; what requests knew of signed versions moves to the register, which other acts use too.

    A request that waits becomes a dossier of one step; of decided ones the request is all there was.
    ``dossier_clerk``: whose streams carry a signed dossier, so that they say the same whatever becomes of somebody's
    grants.
    """
    op.create_table(
        "dossier",
        *_texts("id meeting_id meeting_title item_id paper_id paper_title version_id sha256 body_id body_name"),
        *_texts("paper_kind state approved_sha256 symbol remarks opened_by opened_at"),
        sa.Column("pages", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger),
        sa.Column("dated", sa.Text),
        sa.Column("closed_at", sa.Text),
        sa.Column("findings", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dossier"),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_dossier_paper_id_paper"),
        sa.ForeignKeyConstraint(["version_id"], ["paper_version.id"], name="fk_dossier_version_id_paper_version"),
    )
    for column in ("meeting_id", "item_id", "paper_id", "version_id", "body_id"):
        op.create_index(f"ix_dossier_{column}", "dossier", [column])
    op.create_table(
        "dossier_step",
        *_texts("id dossier_id act person_id person_name post capacity acting_for state remarks sha256"),
        sa.Column("rank", sa.BigInteger, nullable=False),
        sa.Column("done_at", sa.Text),
        sa.Column("version_id", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_dossier_step"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_dossier_step_dossier_id_dossier"),
        sa.ForeignKeyConstraint(["version_id"], ["paper_version.id"], name="fk_dossier_step_version_id_paper_version"),
    )
    for column in ("dossier_id", "person_id", "version_id"):
        op.create_index(f"ix_dossier_step_{column}", "dossier_step", [column])
    op.create_table(
        "dossier_clerk",
        *_texts("dossier_id person_id"),
        sa.PrimaryKeyConstraint("dossier_id", "person_id", name="pk_dossier_clerk"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_dossier_clerk_dossier_id_dossier"),
    )
    op.create_index("ix_dossier_clerk_person_id", "dossier_clerk", ["person_id"])
    op.create_table(
        "delegation",
        *_texts("id body_id from_id from_name to_id to_name capacity acting_for valid_from valid_until"),
        *_texts("entered_by entered_at"),
        sa.Column("kinds", sa.LargeBinary, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_delegation"),
    )
    for column in ("body_id", "to_id"):
        op.create_index(f"ix_delegation_{column}", "delegation", [column])
    _register()
    _waiting()


def _register() -> None:
    op.create_table(
        "signed_version",
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("signers", sa.LargeBinary, nullable=False),
        sa.Column("fields", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("version_id", name="pk_signed_version"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["paper_version.id"], name="fk_signed_version_version_id_paper_version"
        ),
    )
    op.execute(
        "INSERT INTO signed_version (version_id, signers, fields) SELECT signed_version_id, signers, fields"
        " FROM signing_request WHERE signed_version_id IS NOT NULL"
    )
    op.drop_column("signing_request", "signers")
    op.drop_column("signing_request", "fields")
    op.add_column("signing_request", sa.Column("act", sa.Text, nullable=False, server_default="sign"))
    for name in ("dossier_id", "step_id", "capacity", "acting_for"):
        op.add_column("signing_request", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.create_index("ix_signing_request_dossier_id", "signing_request", ["dossier_id"])


def _waiting() -> None:
    """What waits for a signature is a dossier of that one step; both have the request's own id."""
    op.execute(
        "INSERT INTO dossier (id, meeting_id, meeting_title, item_id, paper_id, paper_title, version_id, sha256,"
        " body_id, body_name, paper_kind, state, approved_sha256, symbol, remarks, opened_by, opened_at, pages,"
        " findings)"
        " SELECT r.id, r.meeting_id, r.meeting_title, r.item_id, r.paper_id, r.paper_title, r.version_id, r.sha256,"
        " b.id, b.name, 'other', 'signing', '', '', '', r.requested_by, r.requested_at, r.pages, '[]'"
        " FROM signing_request r JOIN meeting m ON m.id = r.meeting_id JOIN body b ON b.id = m.body_id"
        " WHERE r.state = 'waiting'"
    )
    op.execute(
        "INSERT INTO dossier_step (id, dossier_id, act, person_id, person_name, post, capacity, acting_for, state,"
        " remarks, sha256, rank) SELECT r.id, r.id, 'sign', r.official_id, r.official_name, '', '', '', 'waiting',"
        " '', '', 1 FROM signing_request r JOIN dossier d ON d.id = r.id"
    )
    op.execute("UPDATE signing_request SET dossier_id = id, step_id = id WHERE id IN (SELECT id FROM dossier)")
