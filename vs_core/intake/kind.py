"""What a KIND of incoming file is: its columns, where each goes, and the rules of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Table

from vs_core.intake import cells
from vs_core.intake.cells import CellKind, Value

REJECTED_ROW = "rejected_row"
WHY_REFUSED = "why it was refused"
"""Columns that a list of refused rows has beside their own: the number of the row and the reasons."""

Row = dict[str, Value]
Complaint = tuple[str, str, str]  # column of the file, rule, sentence
Names = Literal["child", "school"]


@dataclass(frozen=True)
class Column:
    """One column of a file. `to`: column of the table; `required`: the column must be there; `filled`: no cell may
    be empty; `names`: the cell names a child or a school; `list`: its codes are in that dated list of reference data,
    dated by the table column `dated_by`; `query_empty`: an empty cell is taken and listed for a person."""

    name: str
    to: str
    reads: CellKind = cells.text
    required: bool = False
    filled: bool = False
    aliases: tuple[str, ...] = ()
    names: Names | None = None
    list: str = ""
    dated_by: str = ""
    query_empty: bool = False


@dataclass(frozen=True)
class Kind:
    """name: as on the command line; key: columns of the table that tell one row from another.
    `rules` gives the complaints about one row that a single cell cannot show; `complete` fills derived columns;
    nth_of: columns of the table that, with a count of such rows in the file, are the key of a row without a number of
    its own (`numbering`);
    on_school_day: column of the table whose day should be a school day; a row on another is listed for a person;
    happens_on: column of the table with the row's own day, where the kind has one: the day it happened, or began."""

    name: str
    title: str
    table: Table
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: Callable[[Row], Iterator[Complaint]] | None = None
    queries: Callable[[Row], Iterator[Complaint]] | None = None
    complete: Callable[[list[Row]], None] | None = None
    nth_of: tuple[str, ...] = ()
    on_school_day: str = ""
    happens_on: str = ""

    def column(self, to: str) -> Column:
        return next(column for column in self.columns if column.to == to)


def child(name: str, *aliases: str, required: bool = True) -> Column:
    return Column(name, "child_key", cells.identifier, required, required, aliases, names="child")


def school(name: str = "urn", *aliases: str, required: bool = False) -> Column:
    return Column(name, "school_key", cells.identifier, required, required, aliases, names="school")


def day(name: str, to: str, *, required: bool = False, filled: bool = False, aliases: tuple[str, ...] = ()) -> Column:
    return Column(name, to, cells.day, required, filled, aliases)


def in_order(first: str, last: str, first_name: str, last_name: str) -> Callable[[Row], Iterator[Complaint]]:
    """The rule that one date is not before another."""

    def rule(row: Row) -> Iterator[Complaint]:
        start, end = row.get(first), row.get(last)
        if isinstance(start, date) and isinstance(end, date) and end < start:
            yield last_name, "order of dates", f"{last_name} is before {first_name}"

    return rule


def together(*rules: Callable[[Row], Iterator[Complaint]]) -> Callable[[Row], Iterator[Complaint]]:
    def rule(row: Row) -> Iterator[Complaint]:
        for one in rules:
            yield from one(row)

    return rule


def folded(name: str) -> str:
    """A column name without regard to case, spaces and underscores."""
    return "".join(name.split()).replace("_", "").casefold()


OWN_COLUMNS = {folded(REJECTED_ROW), folded(WHY_REFUSED)}


def matched(kind: Kind, header: Sequence[str]) -> dict[str, int]:
    """Where each known column (by its table column) stands in the header; the first spelling of the kind wins."""
    places: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for position, name in enumerate(header):
        by_name.setdefault(folded(name), position)
    for column in kind.columns:
        for spelling in (column.name, *column.aliases):
            if folded(spelling) in by_name:
                places.setdefault(column.to, by_name[folded(spelling)])
    return places
