"""Alembic's way into the database: the connection and the transaction that the caller opened."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from vs_core.store.schema import metadata


def _stored_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names the type that is stored, not the class of the product that reads it."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_stored_type,
)
context.run_migrations()
