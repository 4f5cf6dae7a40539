"""Tenders and their entries."""

import sqlalchemy as sa
from alembic import op

from database import guard_statements

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "tenders",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("created_by", sa.String(36), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("release_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenders"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_tenders_organisation_id"),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name="fk_tenders_created_by"),
        sa.ForeignKeyConstraint(["release_hash"], ["releases.hash"], name="fk_tenders_release_hash"),
    )
    op.create_index("ix_tenders_organisation_id", "tenders", ["organisation_id"])
    op.create_table(
        "tender_entries",
        sa.Column("tender_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("ground", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("tender_id", "kind", "subject", "revision", name="pk_tender_entries"),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name="fk_tender_entries_tender_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_tender_entries_person_id"),
    )
    keys = [("tender_id", "kind", "subject", "revision")]
    for statement in guard_statements("tender_entries", keys, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("tender_entries")
    op.drop_table("tenders")
