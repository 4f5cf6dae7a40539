"""Runs the migrations on the engine handed in, or else on DATABASE_URL."""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection

from database import Base, engine_for


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite alters a table by copying it. Copying drops its triggers: guard the table again afterwards.
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on_sqlite(connection: Connection) -> None:
    # A table that is copied must not take along the rows that refer to it; SQLite only listens between transactions.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        run(connection)
        orphans = driver.execute("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise RuntimeError(f"rows refer to rows that are gone: {orphans}")
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


engine = context.config.attributes.get("engine") or engine_for(os.environ["DATABASE_URL"])
with engine.connect() as open_connection:
    if open_connection.dialect.name == "sqlite":
        run_on_sqlite(open_connection)
    else:
        run(open_connection)
