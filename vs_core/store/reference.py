"""The reference lists that the product ships with, read from `data/reference`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Date, Integer, Table

from vs_core.settings import DATA
from vs_core.store import schema

FOLDER = DATA / "reference"
FILES = {
    "register_codes.csv": schema.register_code,
    "suspension_reasons.csv": schema.suspension_reason,
    "codes.csv": schema.code_value,
    "pp_rates.csv": schema.pp_rate,
    "pp_policies.csv": schema.pp_policy,
    "thresholds.csv": schema.threshold,
    "courses.csv": schema.course,
    "projects.csv": schema.project,
}


def reference_rows() -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Each reference table with the rows that it starts with."""
    for name, table in FILES.items():
        yield table, _rows(FOLDER / name, table)


def rows_of(table: Table) -> list[dict[str, Any]]:
    """The rows that one of them starts with."""
    (name,) = (name for name, own in FILES.items() if own is table)
    return _rows(FOLDER / name, table)


def _rows(path: Path, table: Table) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {column.name: _value(row[column.name], column.type) for column in table.c if column.name != "id"}
            for row in csv.DictReader(file)
        ]


def _value(cell: str, kind: Any) -> Any:
    if isinstance(kind, Boolean):
        return cell.strip().lower() in {"1", "yes", "y", "true"}
    if not cell:
        return None
    if isinstance(kind, Date):
        return date.fromisoformat(cell)
    return int(cell) if isinstance(kind, Integer) else cell
