"""The version of a database's tables, and the way from one version to the next (Alembic)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

FOLDER = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def newest() -> str:
    """The version that this product needs."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None
    return head


def known_versions() -> set[str]:
    """Every version that this product knows."""
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def version(connection: Connection) -> str | None:
    """The version of a database; None where it has no tables."""
    return MigrationContext.configure(connection).get_current_revision()


def is_empty(connection: Connection) -> bool:
    """Whether a database has no tables at all."""
    return not inspect(connection).get_table_names()


def upgrade(connection: Connection) -> None:
    """Bring a database to the newest version, in the caller's transaction."""
    command.upgrade(config(connection), "head")
