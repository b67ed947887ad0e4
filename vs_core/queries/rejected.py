"""What an import refused and nobody has corrected yet."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, func, select

from vs_core.store.schema import rejected_row, row_problem


def waiting(kinds: Collection[str]) -> Select:
    """One row a kind with refused rows that wait for a person: `kind`, `rows`."""
    return (
        select(rejected_row.c.kind, func.count().label("rows"))
        .where(rejected_row.c.kind.in_(kinds), rejected_row.c.state == "waiting")
        .group_by(rejected_row.c.kind)
    )


def waiting_rows(kind: str) -> Select:
    """The refused rows of a kind that wait: `id`, `import_id`, `row_number`, `cells` (JSON), `reasons` (sentences)."""
    problems = (
        select(row_problem.c.column_name, row_problem.c.sentence, row_problem.c.rejected_row_id)
        .where(row_problem.c.severity == "rejected")
        .order_by(row_problem.c.id)
        .subquery()
    )
    reasons = func.aggregate_strings(problems.c.column_name + ": " + problems.c.sentence, "; ")
    row = rejected_row.c
    return (
        select(row.id, row.import_id, row.row_number, row.cells, reasons.label("reasons"))
        .outerjoin(problems, problems.c.rejected_row_id == row.id)
        .where(row.kind == kind, row.state == "waiting")
        .group_by(row.id, row.import_id, row.row_number, row.cells)
        .order_by(row.id)
    )
