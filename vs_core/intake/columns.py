"""The header of a file: columns that it lacks, columns that mean the same, and a name of its own for every cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from vs_core.intake.kind import OWN_COLUMNS, REJECTED_ROW, Kind, folded
from vs_core.intake.problems import FileProblem

LONG, WIDE = ("session", "code"), ("am", "pm")
"""The two forms of a file of register marks."""
EXTRA = re.compile(r"extra cell \d+")
"""Names of the cells of a refused row for which its header had no column."""


def refuse_missing(kind: Kind, name: str, header: Sequence[str], there: Collection[str]) -> None:
    """Raises FileProblem when a file lacks a column that it must have. there: table columns that it has."""
    missing = [column.name for column in kind.columns if column.required and column.to not in there]
    if kind.name == "attendance" and not ({*LONG} <= {*there} or {*WIDE} <= {*there}):
        missing.append("session and code, or am and pm")
    if missing:
        listed = ", ".join(header) or "none"
        raise FileProblem(
            f"A file of {kind.name} needs the column {', '.join(missing)}. The columns of {name}: {listed}."
        )


def refuse_repeated(kind: Kind, name: str, header: Sequence[str]) -> None:
    """Raises FileProblem when two columns mean the same: nobody can say which of their cells holds."""
    meaning = meanings(kind) | {folded(REJECTED_ROW): REJECTED_ROW}
    first: dict[str, int] = {}
    for place, column in enumerate(header):
        means = meaning.get(folded(column))
        other = next((first[one] for one in _same_as(kind, means) if one in first), None) if means else None
        if other is not None:
            raise FileProblem(_said(name, header, other, place))
        if means:
            first[means] = place


def meanings(kind: Kind) -> dict[str, str]:
    """Table column by every spelling, folded, of a column of the file."""
    return {folded(spelling): column.to for column in kind.columns for spelling in (column.name, *column.aliases)}


def _same_as(kind: Kind, means: str) -> tuple[str, ...]:
    """Table columns that say the same; of register marks each form says what the other says."""
    if kind.name == "attendance" and means in (*LONG, *WIDE):
        return (means, *(WIDE if means in LONG else LONG))
    return (means,)


def _said(name: str, header: Sequence[str], one: int, other: int) -> str:
    return (
        f"Two columns of {name} mean the same: '{header[one]}' (column {one + 1}) and '{header[other]}'"
        f" (column {other + 1}). Take one of them out, or give it another name."
    )


def ignored(kind: Kind, header: Sequence[str]) -> tuple[str, ...]:
    """Columns without a meaning."""
    known = {*meanings(kind)} | OWN_COLUMNS
    return tuple(name for name in header if name and folded(name) not in known)


def named_cells(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """Every cell of a row under a name of its own, but for the columns that we gave a refused row."""
    named: dict[str, str] = {}
    for place, cell in enumerate(row):
        name = header[place] if place < len(header) else f"extra cell {place + 1}"
        if folded(name) not in OWN_COLUMNS:
            named[_free(named, name, place + 1)] = cell
    return named


def _free(taken: Mapping[str, str], name: str, place: int) -> str:
    own = name or f"column {place}"
    while own in taken:
        own = f"{own} (column {place})"
    return own


def extra_cells(header: Sequence[str]) -> list[int]:
    """Places of the cells without a column that a refused row brings along when it is offered again."""
    if folded(REJECTED_ROW) not in map(folded, header):
        return []
    return [place for place, name in enumerate(header) if EXTRA.fullmatch(name)]
