"""The shapes that tables share: keys of children and schools, words from a list, and what was known when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text

from vs_core.store.base import metadata


def child_column(comment: str = "Child: child.id", *, null: bool = False) -> Column[Any]:
    return Column("child_key", Integer, ForeignKey("child.id"), nullable=null, comment=comment)


def school_column(comment: str = "School: school.id; 0 is 'not known'") -> Column[Any]:
    return Column("school_key", Integer, ForeignKey("school.id"), nullable=False, server_default="0", comment=comment)


def day(name: str, comment: str, *, null: bool = True) -> Column[Any]:
    return Column(name, Date, nullable=null, comment=comment)


def text(name: str, comment: str, *, null: bool = True) -> Column[Any]:
    return Column(name, Text, nullable=null, comment=comment)


def word(name: str, words: Sequence[str], comment: str, *, null: bool = True) -> Column[Any]:
    """A text column that the database itself limits to `words`."""
    listed = ", ".join(f"'{one}'" for one in words)
    return Column(
        name,
        Text,
        CheckConstraint(f"{name} in ({listed})", name=name),
        nullable=null,
        comment=f"{comment} ({', '.join(words)})",
    )


def knowledge() -> list[Column[Any]]:
    """When a row was known: from its import's date until a later import closed it (empty: still current)."""
    return [
        Column(
            "import_id", Integer, ForeignKey("import_ledger.id"), nullable=False, comment="Import that brought the row"
        ),
        Column("known_from", Date, nullable=False, comment="First day on which the row was known"),
        Column(
            "closed_by", Integer, ForeignKey("import_ledger.id"), comment="Import that replaced or withdrew the row"
        ),
        Column("known_to", Date, comment="Day from which the row was no longer believed; empty: current"),
    ]


def versioned(name: str, comment: str, key: Sequence[str], *columns: Column[Any] | CheckConstraint) -> Table:
    """A table whose rows are never overwritten: one current row a `key`, earlier ones kept closed."""
    table = Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True, comment="Row number, without meaning"),
        *columns,
        *knowledge(),
        CheckConstraint("known_to is null or known_to >= known_from", name="knowledge_in_order"),
        CheckConstraint("(known_to is null) = (closed_by is null)", name="closed_by_somebody"),
        comment=comment,
        info={"key": tuple(key)},
    )
    current = table.c.known_to.is_(None)
    Index(
        f"uq_{name}_current",
        *(table.c[part] for part in key),
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    Index(f"ix_{name}_import_id", table.c.import_id)
    return table
