"""The tables of the directory, and the tiers of local government with the law behind each."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

_LAW_2015 = "Luật Tổ chức chính quyền địa phương số 77/2015/QH13"
_LAW_2025 = "Luật Tổ chức chính quyền địa phương số 72/2025/QH15"
_CITY = "Cấp tỉnh (tỉnh, thành phố)"

# (key, name, first day, last day, law). The district tier ended with 30 June 2025 (research note on the domain, §4).
_TIERS = (
    ("city", _CITY, "2016-01-01", "2025-06-30", _LAW_2015),
    ("district", "Cấp huyện (huyện, quận, thị xã)", "2016-01-01", "2025-06-30", _LAW_2015),
    ("commune", "Cấp xã (xã, phường, thị trấn)", "2016-01-01", "2025-06-30", _LAW_2015),
    ("city", _CITY, "2025-07-01", None, _LAW_2025),
    ("commune", "Cấp xã (xã, phường, đặc khu)", "2025-07-01", None, _LAW_2025),
)


def upgrade() -> None:
    """Create them."""
    tier = op.create_table(
        "tier",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Text, nullable=False),
        sa.Column("valid_to", sa.Text),
        sa.Column("citation", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", "valid_from", name="pk_tier"),
    )
    names = ("key", "name", "valid_from", "valid_to", "citation")
    op.bulk_insert(tier, [dict(zip(names, row, strict=True)) for row in _TIERS])
    op.create_table(
        "body",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("short_name", sa.Text, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("parent_id", sa.Text),
        sa.Column("valid_from", sa.Text, nullable=False),
        sa.Column("valid_to", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_body"),
        sa.UniqueConstraint("code", name="uq_body_code"),
        sa.ForeignKeyConstraint(["parent_id"], ["body.id"], name="fk_body_parent_id_body"),
    )
    op.create_index("ix_body_parent_id", "body", ["parent_id"])
    op.create_table(
        "person",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("full_name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("sort_key", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("code", name="uq_person_code"),
    )
    op.create_index("ix_person_sort_key", "person", ["sort_key", "id"])
    op.create_table(
        "posting",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("body_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.Text, nullable=False),
        sa.Column("valid_to", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_posting"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_posting_person_id_person"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_posting_body_id_body"),
    )
    op.create_index("ix_posting_person_id", "posting", ["person_id"])
    op.create_index("ix_posting_body_id", "posting", ["body_id"])


def downgrade() -> None:
    """Drop them."""
    for table in ("posting", "person", "body", "tier"):
        op.drop_table(table)
