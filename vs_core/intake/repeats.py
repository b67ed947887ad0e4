"""Which rows of earlier imports a file said once more without changing them.

They are kept as spans of row numbers: a file that repeats all of an earlier one takes a single span."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, select

from vs_core.intake.identities import chunks
from vs_core.store import schema
from vs_core.store.bulk import insert_rows

Repeat = tuple[int, int, int]  # import that brought the row, number of the row, half days said (see import_repeat)
COLUMNS = ("of_import", "first_row", "last_row", "halves", "import_id")
MORNING, AFTERNOON = 1, 2
HALVES = {"am": MORNING, "pm": AFTERNOON}


def halves_of(given: Collection[str]) -> int:
    """The half days that these columns speak of; 0 for other rows than register marks."""
    return sum(number for half, number in HALVES.items() if half in given)


def speaks_of(column: str, halves: int) -> bool:
    """Whether somebody who spoke of these half days gave the column."""
    return not halves or bool(HALVES.get(column[:2], 0) & halves)


def record(connection: Connection, import_id: int, repeated: Iterable[Repeat]) -> None:
    """Keep that an import repeated these rows, each once."""
    said = set(repeated)
    kept = Repeats(connection, {of_import for of_import, _, _ in said}, by=import_id) if said else ()
    new = [one for one in said if import_id not in kept.by(one[0], one[1])] if kept else said
    insert_rows(connection, schema.import_repeat, COLUMNS, [(*span, import_id) for span in _spans(new)])


def _spans(repeated: Iterable[Repeat]) -> Iterator[tuple[int, int, int, int]]:
    """of_import, first_row, last_row, halves."""
    begun: Repeat | None = None
    last = 0
    for repeat in sorted(repeated):
        if begun and repeat == (begun[0], last + 1, begun[2]):
            last += 1
            continue
        if begun:
            yield begun[0], begun[1], last, begun[2]
        begun, last = repeat, repeat[1]
    if begun:
        yield begun[0], begun[1], last, begun[2]


class Repeats:
    """The standing imports that repeated rows of some imports, all or one of them."""

    def __init__(self, connection: Connection, of: Collection[int], by: int | None = None) -> None:
        row = schema.import_repeat.c
        undone = select(schema.import_ledger.c.undoes).where(schema.import_ledger.c.undoes.is_not(None))
        found = select(row.of_import, row.import_id, row.first_row, row.last_row, row.halves)
        found = found if by is None else found.where(row.import_id == by)
        standing = found.where(row.import_id.not_in(undone)).order_by(row.first_row)
        self._spans: dict[int, dict[int, list[tuple[int, int, int]]]] = defaultdict(lambda: defaultdict(list))
        for some in chunks(of):
            for one in connection.execute(standing.where(row.of_import.in_(some))):
                self._spans[one.of_import][one.import_id].append((one.first_row, one.last_row, one.halves))

    def __bool__(self) -> bool:
        return bool(self._spans)

    def by(self, of_import: int, number: int) -> dict[int, int]:
        """The imports that repeated a row, each with the half days that it said."""
        found = {}
        for import_id, spans in self._spans.get(of_import, {}).items():
            place = bisect_right(spans, (number, 2**31, 0)) - 1
            if place >= 0 and spans[place][1] >= number:
                found[import_id] = spans[place][2]
        return dict(sorted(found.items()))
