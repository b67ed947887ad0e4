"""Small numbers: hiding counts of 1 to 5, and as many more as keep them from being worked out.

DfE's practice in its local authority tables: 0 is shown, 1 to 5 is not, and more cells are hidden where a total would
give a hidden one away. The bounds are thresholds (`suppress_from`, `suppress_to`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

SUPPRESSED = "c"
"""The mark that DfE prints in place of a hidden number."""

Cell = tuple[int, int] | str
Line = tuple[tuple[Cell, ...], Cell]
"""Cells that add up, and the cell of their total."""


@dataclass(frozen=True)
class Sum:
    """Named counts of which `parts` add up to `whole`."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class SafeTable:
    """Counts with None where hidden: `cells` by row, their `row_totals`, `column_totals` and the `total`."""

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True)
class SafeLine:
    """Counts of one line with None where hidden, and their total."""

    cells: tuple[int | None, ...]
    total: int | None


def is_small(count: int, first: int, last: int) -> bool:
    return first <= count <= last


def safe_percent(part: int, whole: int, first: int, last: int) -> float | None:
    """A percentage (0-100) that may leave the team; None when it has no whole, or part, rest or whole is small."""
    if not whole or any(is_small(count, first, last) for count in (part, whole - part, whole)):
        return None
    return part * 100 / whole


def safe_line(counts: Sequence[int], first: int, last: int) -> SafeLine:
    """One line of counts and its total, so that no hidden one can be worked out from what is shown."""
    shown = safe_table([counts], first, last)
    return SafeLine(shown.cells[0], shown.row_totals[0])


def safe_table(counts: Sequence[Sequence[int]], first: int, last: int) -> SafeTable:
    """Rows of counts (of equal length) with their totals, so that no hidden one can be worked out.

    One row has no totals below it: its own total is the total."""
    rows = [[*row, sum(row)] for row in counts]
    grid = rows if len(rows) == 1 else [*rows, [sum(column) for column in zip(*rows, strict=True)]]
    height, width = len(grid), len(grid[0])
    lines = [_line([(row, column) for column in range(width)]) for row in range(height)]
    if len(rows) > 1:
        lines += [_line([(row, column) for row in range(height)]) for column in range(width)]
    known: dict[Cell, int] = {(row, column): count for row, own in enumerate(grid) for column, count in enumerate(own)}
    hidden = _hide(known, lines, {cell for cell, count in known.items() if is_small(count, first, last)})
    shown = [
        tuple(None if (row, column) in hidden else count for column, count in enumerate(own))
        for row, own in enumerate(grid)
    ]
    body = tuple(row[:-1] for row in shown[: len(rows)])
    return SafeTable(body, tuple(row[-1] for row in shown[: len(rows)]), shown[-1][:-1], shown[-1][-1])


def safe_counts(
    counts: Mapping[str, int],
    sums: Sequence[Sum],
    first: int,
    last: int,
    *,
    also: Collection[str] = (),
    unprinted: Collection[str] = (),
) -> dict[str, int | None]:
    """Named counts of a whole document with None where hidden, so that no hidden one can be worked out by its sums.

    sums: those that hold between the counts; one that does not add up gives nothing away and is left out. also: counts
    to hide whatever their size, such as suspensions of one to five children. unprinted: counts that the document does
    not show but that others give away, such as the rest of a whole; they are hidden before any that it shows.
    """
    holds = [each for each in sums if counts[each.whole] == sum(counts[part] for part in each.parts)]
    lines: list[Line] = [(each.parts, each.whole) for each in holds]
    known: dict[Cell, int] = dict(counts.items())
    small: set[Cell] = {name for name, count in counts.items() if is_small(count, first, last) or name in also}
    hidden = _hide(known, lines, small, set(unprinted))
    return {name: None if name in hidden else count for name, count in counts.items()}


def _line(cells: Sequence[Cell]) -> Line:
    return tuple(cells[:-1]), cells[-1]


def _hide(
    counts: Mapping[Cell, int], lines: Sequence[Line], small: Collection[Cell], unprinted: Collection[Cell] = ()
) -> set[Cell]:
    """The small cells, and as many more as keep any of them from being worked out."""
    hidden = set(small)
    while exposed := _exposed(counts, lines, hidden):
        more = _cheapest(counts, lines, hidden, exposed, unprinted)
        if more is None:
            return hidden | {cell for parts, total in lines for cell in (*parts, total)}
        hidden.add(more)
    return hidden


def _cheapest(
    counts: Mapping[Cell, int],
    lines: Sequence[Line],
    hidden: Collection[Cell],
    exposed: Collection[Cell],
    unprinted: Collection[Cell],
) -> Cell | None:
    """The shown cell to hide next: in a line of an exposed one, not a total or 0 if it can be helped, the smallest."""
    totals = {total for _, total in lines}
    near = {cell for parts, total in lines if {*parts, total} & set(exposed) for cell in (*parts, total)} - set(hidden)
    everywhere = {cell for parts, total in lines for cell in (*parts, total)} - set(hidden)

    def cost(cell: Cell) -> tuple[bool, bool, bool, int, Cell]:
        return (cell not in unprinted, counts[cell] == 0, cell in totals, counts[cell], cell)

    return min(near or everywhere, key=cost, default=None)


def _exposed(counts: Mapping[Cell, int], lines: Sequence[Line], hidden: Collection[Cell]) -> set[Cell]:
    """Hidden cells that the shown ones give away: by addition, or because every hidden cell is at least 1."""
    return _solved(lines, hidden) | _cornered(counts, lines, hidden)


def _solved(lines: Sequence[Line], hidden: Collection[Cell]) -> set[Cell]:
    """Hidden cells with only one value in the system `cells of a line - its total = 0`."""
    order = list(hidden)
    rows = [[Fraction((cell in parts) - (cell == total)) for cell in order] for parts, total in lines]
    reduced = _reduce([row for row in rows if any(row)])
    return {
        order[next(at for at, value in enumerate(row) if value)]
        for row in reduced
        if sum(1 for value in row if value) == 1
    }


def _cornered(counts: Mapping[Cell, int], lines: Sequence[Line], hidden: Collection[Cell]) -> set[Cell]:
    """Hidden cells that add up to no more than their number: each of them must be 1."""
    found: set[Cell] = set()
    for line, total in lines:
        parts = [cell for cell in line if cell in hidden]
        if parts and total not in hidden and sum(counts[cell] for cell in parts) <= len(parts):
            found.update(parts)
    return found


def _reduce(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """Reduced row echelon form, without empty rows."""
    done: list[list[Fraction]] = []
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows = [_eliminate(row, pivot, column) for row in rows if row is not pivot]
        scaled = [value / pivot[column] for value in pivot]
        done = [*(_eliminate(row, scaled, column) for row in done), scaled]
    return done


def _eliminate(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column] / pivot[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)] if factor else row
