"""Small numbers: hiding counts of 1 to 5, and as many more as keep them from being worked out.

DfE's practice in its local authority tables: 0 is shown, 1 to 5 is not, and more cells are hidden where a total would
give a hidden one away. The bounds are thresholds (`suppress_from`, `suppress_to`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

SUPPRESSED = "c"
"""The mark that DfE prints in place of a hidden number."""

Cell = tuple[int, int]


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
    grid = [[*counts, sum(counts)]]
    hidden = _hide(grid, [[(0, column) for column in range(len(grid[0]))]], first, last)
    shown = _shown(grid, hidden)[0]
    return SafeLine(shown[:-1], shown[-1])


def safe_table(counts: Sequence[Sequence[int]], first: int, last: int) -> SafeTable:
    """Rows of counts (of equal length) with their totals, so that no hidden one can be worked out."""
    rows = [[*row, sum(row)] for row in counts]
    grid = [*rows, [sum(column) for column in zip(*rows, strict=True)]]
    height, width = len(grid), len(grid[0])
    lines = [[(row, column) for column in range(width)] for row in range(height)]
    lines += [[(row, column) for row in range(height)] for column in range(width)]
    shown = _shown(grid, _hide(grid, lines, first, last))
    body = tuple(row[:-1] for row in shown[:-1])
    return SafeTable(body, tuple(row[-1] for row in shown[:-1]), shown[-1][:-1], shown[-1][-1])


def _hide(grid: Sequence[Sequence[int]], lines: list[list[Cell]], first: int, last: int) -> set[Cell]:
    cells = {cell for line in lines for cell in line}
    hidden = {cell for cell in cells if is_small(_count(grid, cell), first, last)}
    while exposed := _exposed(grid, lines, hidden):
        more = _cheapest(grid, lines, hidden, exposed)
        if more is None:
            return cells
        hidden.add(more)
    return hidden


def _cheapest(
    grid: Sequence[Sequence[int]], lines: list[list[Cell]], hidden: set[Cell], exposed: set[Cell]
) -> Cell | None:
    """The shown cell to hide next: in a line of an exposed one, not a total or 0 if it can be helped, the smallest."""
    height, width = len(grid), len(grid[0])
    near = {cell for line in lines if exposed & set(line) for cell in line} - hidden
    everywhere = {cell for line in lines for cell in line} - hidden

    def cost(cell: Cell) -> tuple[bool, bool, int, Cell]:
        is_total = cell[1] == width - 1 or (height > 1 and cell[0] == height - 1)
        return (_count(grid, cell) == 0, is_total, _count(grid, cell), cell)

    return min(near or everywhere, key=cost, default=None)


def _exposed(grid: Sequence[Sequence[int]], lines: list[list[Cell]], hidden: set[Cell]) -> set[Cell]:
    """Hidden cells that the shown ones give away: by addition, or because every hidden cell is at least 1."""
    return _solved(lines, hidden) | _cornered(grid, lines, hidden)


def _solved(lines: list[list[Cell]], hidden: set[Cell]) -> set[Cell]:
    """Hidden cells with only one value in the system `cells of a line - its total = 0`."""
    order = sorted(hidden)
    rows = [[_sign(cell, line) if cell in line else Fraction(0) for cell in order] for line in lines]
    reduced = _reduce([row for row in rows if any(row)])
    return {
        order[next(at for at, value in enumerate(row) if value)]
        for row in reduced
        if sum(1 for value in row if value) == 1
    }


def _cornered(grid: Sequence[Sequence[int]], lines: list[list[Cell]], hidden: set[Cell]) -> set[Cell]:
    """Hidden cells that add up to no more than their number: each of them must be 1."""
    found: set[Cell] = set()
    for line in lines:
        parts = [cell for cell in line[:-1] if cell in hidden]
        if parts and line[-1] not in hidden and sum(_count(grid, cell) for cell in parts) <= len(parts):
            found.update(parts)
    return found


def _sign(cell: Cell, line: list[Cell]) -> Fraction:
    return Fraction(-1 if cell == line[-1] else 1)


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


def _count(grid: Sequence[Sequence[int]], cell: Cell) -> int:
    return grid[cell[0]][cell[1]]


def _shown(grid: Iterable[Sequence[int]], hidden: set[Cell]) -> list[tuple[int | None, ...]]:
    return [
        tuple(None if (row, column) in hidden else count for column, count in enumerate(counts))
        for row, counts in enumerate(grid)
    ]
