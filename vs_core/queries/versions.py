"""How far the data has come: a row that differs after any import, undoing or change by the team."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Select, func, select

from vs_core.store.schema import action, case_entry, import_ledger, reference_change, rejected_row


@lru_cache(maxsize=1)
def data_version() -> Select:
    """One row: `imports` (the last), `actions` (the last row of one), `entries` (the last about a child), `settled`
    (refused rows that no longer wait), `changes` (the last of a rate, policy or limit)."""
    imports = select(func.coalesce(func.max(import_ledger.c.id), 0)).scalar_subquery()
    actions = select(func.coalesce(func.max(action.c.id), 0)).scalar_subquery()
    entries = select(func.coalesce(func.max(case_entry.c.id), 0)).scalar_subquery()
    settled = select(func.count()).select_from(rejected_row).where(rejected_row.c.state != "waiting").scalar_subquery()
    changes = select(func.coalesce(func.max(reference_change.c.id), 0)).scalar_subquery()
    return select(
        imports.label("imports"),
        actions.label("actions"),
        entries.label("entries"),
        settled.label("settled"),
        changes.label("changes"),
    )
