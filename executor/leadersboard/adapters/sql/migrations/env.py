"""Runs migrations on the connection that `leadersboard.adapters.sql.engine.migrate` hands over."""

from alembic import context

from leadersboard.adapters.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
