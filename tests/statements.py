"""SQL that was compiled for the engine of one test serves the engines of the tests after it.

Every test has a database and so an engine of its own; that each compiles the same statements anew was a fifth of the
time of the tests that read. Within one engine SQLAlchemy keeps them itself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache

MOST_KEPT = 4000


class OfEveryEngine(LRUCache):
    """Compiled statements by the kind of database instead of by the engine's own dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_kind(key), compiled)


def _of_kind(key: Any) -> tuple[Any, ...]:
    dialect, *statement = key
    return (dialect.name, dialect.driver, dialect.server_version_info, *statement)


def kept_for_all() -> None:
    """From now on, for every engine of this process."""
    kept = OfEveryEngine(MOST_KEPT)

    @event.listens_for(Engine, "engine_connect")
    def use(connection: Connection) -> None:
        connection.execution_options(compiled_cache=kept)
