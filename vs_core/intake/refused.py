"""Refused rows as a table to correct and offer again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from vs_core.intake.kind import REJECTED_ROW, WHY_REFUSED, matched
from vs_core.intake.kinds import KINDS

RefusedRow = tuple[int, Mapping[str, str], str]
"""Number of the row, its cells by column as it came, why it was refused."""


def lacking(kind: str, names: Collection[str]) -> list[str]:
    """Columns that the kind must have and that are not among the names: the row had too few cells."""
    there = matched(KINDS[kind], list(names))
    lacked = [column.name for column in KINDS[kind].columns if column.required and column.to not in there]
    if kind == "attendance":
        form = ("am", "pm") if {"am", "pm"} & there.keys() else ("session", "code")
        lacked += [name for name in form if name not in there]
    return lacked


def as_table(kind: str, rows: Sequence[RefusedRow]) -> tuple[list[str], list[list[str]]]:
    """Column names and rows: the cells as they came, columns that the kind must have, the number of the row, so that
    the corrected file tells which it mends, and the reasons."""
    names = list(dict.fromkeys(name for _, cells, _ in rows for name in cells))
    names += lacking(kind, names)
    lines = [[*(cells.get(name, "") for name in names), str(number), why] for number, cells, why in rows]
    return [*names, REJECTED_ROW, WHY_REFUSED], lines
