"""Published tenders and their files."""

import sqlalchemy as sa
from alembic import op

from database import guard_statements

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)
GUARDED = {
    "published_tenders": ["id", "tender_id"],
    "published_files": [("published_id", "place"), ("published_id", "name")],
}


def upgrade() -> None:
    op.create_table(
        "published_tenders",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("tender_id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("published_by", sa.String(36), nullable=False),
        sa.Column("published_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_published_tenders"),
        sa.UniqueConstraint("tender_id", name="uq_published_tenders_tender_id"),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name="fk_published_tenders_tender_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_published_tenders_organisation_id"),
        sa.ForeignKeyConstraint(["published_by"], ["people.id"], name="fk_published_tenders_published_by"),
    )
    op.create_index("ix_published_tenders_organisation_id", "published_tenders", ["organisation_id"])
    op.create_index("ix_published_tenders_published_at", "published_tenders", ["published_at"])
    op.create_table(
        "published_files",
        sa.Column("published_id", sa.String(36), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("published_id", "place", name="pk_published_files"),
        sa.UniqueConstraint("published_id", "name", name="uq_published_files_published_id"),
        sa.ForeignKeyConstraint(["published_id"], ["published_tenders.id"], name="fk_published_files_published_id"),
    )
    op.create_index("ix_published_files_sha256", "published_files", ["sha256"])
    for table, keys in GUARDED.items():
        for statement in guard_statements(table, keys, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("published_files")
    op.drop_table("published_tenders")
