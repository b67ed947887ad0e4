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


@dataclass(frozen=True)
class Sum:
    """Named counts of which `parts` add up to `whole`."""

    whole: str
    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, the whole last."""
        return (*self.parts, self.whole)


def is_small(count: int, first: int, last: int) -> bool:
    return first <= count <= last


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
    small = {name for name, count in counts.items() if is_small(count, first, last) or name in also}
    hidden = _hide(counts, holds, small, unprinted)
    return {name: None if name in hidden else count for name, count in counts.items()}


def _hide(
    counts: Mapping[str, int], sums: Sequence[Sum], small: Collection[str], unprinted: Collection[str]
) -> set[str]:
    """The small counts, and as many more as keep any of them from being worked out."""
    hidden = set(small)
    while exposed := _solved(sums, hidden) | _cornered(counts, sums, hidden):
        more = _cheapest(counts, sums, hidden, exposed, unprinted)
        if more is None:
            return hidden.union(*(each.names for each in sums))
        hidden.add(more)
    return hidden


def _cheapest(
    counts: Mapping[str, int],
    sums: Sequence[Sum],
    hidden: set[str],
    exposed: set[str],
    unprinted: Collection[str],
) -> str | None:
    """The shown count to hide next: in a sum of an exposed one, not a total or 0 if it can be helped, the smallest."""
    wholes = {each.whole for each in sums}
    near = {name for each in sums if exposed & set(each.names) for name in each.names} - hidden
    everywhere = {name for each in sums for name in each.names} - hidden

    def cost(name: str) -> tuple[bool, bool, bool, int, str]:
        return (name not in unprinted, counts[name] == 0, name in wholes, counts[name], name)

    return min(near or everywhere, key=cost, default=None)


def _solved(sums: Sequence[Sum], hidden: Collection[str]) -> set[str]:
    """Hidden counts with only one value in the system `parts of a sum - its whole = 0`."""
    order = sorted(hidden)
    rows = [[Fraction((name in each.parts) - (name == each.whole)) for name in order] for each in sums]
    reduced = _reduce([row for row in rows if any(row)])
    return {
        order[next(at for at, value in enumerate(row) if value)]
        for row in reduced
        if sum(1 for value in row if value) == 1
    }


def _cornered(counts: Mapping[str, int], sums: Sequence[Sum], hidden: Collection[str]) -> set[str]:
    """Hidden parts that add up to no more than their number: each of them must be 1."""
    found: set[str] = set()
    for each in sums:
        parts = [name for name in each.parts if name in hidden]
        if parts and each.whole not in hidden and sum(counts[name] for name in parts) <= len(parts):
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
