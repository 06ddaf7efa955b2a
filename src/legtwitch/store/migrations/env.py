"""Run by alembic: brings the database behind the given connection to the newest shape."""

from __future__ import annotations

from alembic import context

from legtwitch.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
