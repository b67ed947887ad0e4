"""What an import refused and nobody has corrected yet."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, func, select

from vs_core.store.schema import rejected_row


def waiting(kinds: Collection[str]) -> Select:
    """One row a kind with refused rows that wait for a person: `kind`, `rows`."""
    return (
        select(rejected_row.c.kind, func.count().label("rows"))
        .where(rejected_row.c.kind.in_(kinds), rejected_row.c.state == "waiting")
        .group_by(rejected_row.c.kind)
    )
