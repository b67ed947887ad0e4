"""Refused rows as a table to correct and offer again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from vs_core.intake.columns import LONG, WIDE, meanings
from vs_core.intake.kind import REJECTED_ROW, WHY_REFUSED, folded, matched
from vs_core.intake.kinds import KINDS

RefusedRow = tuple[int, Mapping[str, str], str]
"""Number of the row, its cells by column as it came, why it was refused."""


def lacking(kind: str, names: Collection[str]) -> list[str]:
    """Columns that the kind must have and that are not among the names: the row had too few cells."""
    there = matched(KINDS[kind], list(names))
    lacked = [column.name for column in KINDS[kind].columns if column.required and column.to not in there]
    if kind == "attendance":
        lacked += [name for name in (WIDE if {*WIDE} & there.keys() else LONG) if name not in there]
    return lacked


def as_table(kind: str, rows: Sequence[RefusedRow]) -> tuple[list[str], list[list[str]]]:
    """Column names and rows: the cells as they came, columns that the kind must have, the number of the row, so that
    the corrected file tells which it mends, and the reasons.

    Rows of several files stand in one table: a column has the first of its spellings, and where some register marks
    came two a row and others one, all stand one a row."""
    if kind == "attendance":
        rows = _in_one_form(rows)
    spelled = _spelled_alike(kind, rows)
    names = list(dict.fromkeys(name for _, cells, _ in spelled for name in cells))
    names += lacking(kind, names)
    lines = [[*(cells.get(name, "") for name in names), str(number), why] for number, cells, why in spelled]
    return [*names, REJECTED_ROW, WHY_REFUSED], lines


def _spelled_alike(kind: str, rows: Sequence[RefusedRow]) -> list[RefusedRow]:
    means = meanings(KINDS[kind])
    spelling: dict[str, str] = {}
    for _, cells, _ in rows:
        for name in cells:
            if folded(name) in means:
                spelling.setdefault(means[folded(name)], name)
    return [
        (number, {spelling.get(means.get(folded(name), ""), name): cell for name, cell in cells.items()}, why)
        for number, cells, why in rows
    ]


def _in_one_form(rows: Sequence[RefusedRow]) -> Sequence[RefusedRow]:
    there = {folded(name) for _, cells, _ in rows for name in cells}
    if not ({*WIDE} & there and {*LONG} & there):
        return rows
    return [(number, half, why) for number, cells, why in rows for half in _halves(cells)]


def _halves(cells: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The row as it is, or one row for each of its half days with a mark, for the first when it has none."""
    marks = {folded(name): cell for name, cell in cells.items() if folded(name) in WIDE}
    rest = {name: cell for name, cell in cells.items() if folded(name) not in WIDE}
    if not marks:
        yield rest
        return
    given = {half: mark for half, mark in marks.items() if mark.strip()} or {WIDE[0]: ""}
    for half, mark in given.items():
        yield {**rest, LONG[0]: half.upper(), LONG[1]: mark}
