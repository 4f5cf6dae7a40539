"""Clause versions, releases, proposals and approvals."""

import sqlalchemy as sa
from alembic import op

from database import guard_statements

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)
GUARDED = {
    "clause_versions": ["hash", ("clause_id", "number")],
    "releases": ["number", "hash"],
    "approvals": ["proposal_id", "release"],
}


def upgrade() -> None:
    op.create_table(
        "clause_versions",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("clause_id", sa.String(10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_clause_versions"),
        sa.UniqueConstraint("clause_id", "number", name="uq_clause_versions_clause_id"),
    )
    op.create_table(
        "releases",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("released_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_releases"),
        sa.UniqueConstraint("hash", name="uq_releases_hash"),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("clause_id", sa.String(10), nullable=False),
        sa.Column("base_hash", sa.String(64), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.ForeignKeyConstraint(["base_hash"], ["clause_versions.hash"], name="fk_proposals_base_hash"),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_proposals_author_id"),
    )
    op.create_index("ix_proposals_clause_id", "proposals", ["clause_id"])
    op.create_table(
        "approvals",
        sa.Column("proposal_id", sa.String(36), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("approver_id", sa.String(36), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("approved_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_approvals"),
        sa.UniqueConstraint("release", name="uq_approvals_release"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_approvals_proposal_id"),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name="fk_approvals_approver_id"),
        sa.ForeignKeyConstraint(["release"], ["releases.number"], name="fk_approvals_release"),
    )
    for table, keys in GUARDED.items():
        for statement in guard_statements(table, keys, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in ("approvals", "proposals", "releases", "clause_versions"):
        op.drop_table(table)
