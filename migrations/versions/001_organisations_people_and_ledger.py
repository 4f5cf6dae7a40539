"""Organisations, people, sign-ins and the ledger."""

import sqlalchemy as sa
from alembic import op

from database import guard_statements

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("identifier", sa.String(60), nullable=False),
        sa.Column("jurisdiction", sa.String(40), nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("number_series", sa.String(40), nullable=False),
        sa.Column("tier_public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("identifier", name="uq_organisations_identifier"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("reset_token_hash", sa.String(64)),
        sa.Column("reset_token_expires_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_people_organisation_id"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        sa.UniqueConstraint("reset_token_hash", name="uq_people_reset_token_hash"),
        sa.CheckConstraint(
            "role IN ('officer', 'reviewer', 'approver', 'administrator')", name=op.f("ck_people_role_is_known")
        ),
    )
    op.create_index("ix_people_organisation_id", "people", ["organisation_id"])
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_ins"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sign_ins_person_id"),
    )
    op.create_index("ix_sign_ins_person_id", "sign_ins", ["person_id"])
    op.create_index("ix_sign_ins_expires_at", "sign_ins", ["expires_at"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("tried", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.PrimaryKeyConstraint("tried", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_since", "sign_in_attempts", ["since"])
    op.create_table(
        "ledger_entries",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("organisation_id", sa.String(36)),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("payload_hash", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger_entries"),
        sa.UniqueConstraint("previous_hash", name="uq_ledger_entries_previous_hash"),
        sa.UniqueConstraint("hash", name="uq_ledger_entries_hash"),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_ledger_entries_seq_from_one")),
    )
    op.create_index("ix_ledger_entries_organisation_id", "ledger_entries", ["organisation_id"])
    op.create_index("ix_ledger_entries_subject", "ledger_entries", ["subject"])
    for statement in guard_statements("ledger_entries", ["seq", "previous_hash", "hash"], op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for table in ("ledger_entries", "sign_in_attempts", "sign_ins", "people", "organisations"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
