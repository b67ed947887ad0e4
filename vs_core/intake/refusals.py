"""Refused rows that wait: those that a file names to offer them again, and those that a later file has overtaken."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select, update

from vs_core.intake import keys
from vs_core.intake.checking import Checked
from vs_core.intake.identities import chunks
from vs_core.intake.kind import REJECTED_ROW, folded
from vs_core.store import schema

LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Refused:
    """A row that an import refused. row_key: as `keys` gives it, None when it could not be read."""

    id: int
    import_id: int
    row_number: int
    row_key: str | None

    @property
    def said(self) -> tuple[int, int]:
        """When it was said, as a place in an order."""
        return self.import_id, self.row_number


def named(connection: Connection, checked: Checked) -> dict[int, Refused]:
    """Earlier refused rows that a file names in its column `rejected_row`, by the place of the row that names them."""
    numbers = _named_numbers(checked)
    row = schema.rejected_row.c
    found: dict[int, Refused] = {}
    for some in chunks(set(numbers.values())):
        rows = select(row.id, row.import_id, row.row_number, row.row_key)
        chosen = rows.where(row.id.in_(some), row.kind == checked.kind.name)
        found |= {one.id: Refused(*one) for one in connection.execute(chosen)}
    return {place: found[number] for place, number in numbers.items() if number in found}


def _named_numbers(checked: Checked) -> dict[int, int]:
    columns = [place for place, name in enumerate(checked.sheet.header) if folded(name) == folded(REJECTED_ROW)]
    if not columns:
        return {}
    cells = [row[columns[0]].strip() if columns[0] < len(row) else "" for row in checked.sheet.rows]
    return {
        place: int(cell)
        for place, cell in enumerate(cells)
        if cell.isascii() and cell.isdigit() and int(cell) <= LARGEST_NUMBER
    }


def settle(
    connection: Connection,
    import_id: int,
    checked: Checked,
    again: Mapping[int, Refused],
    kept: Collection[int],
    known_on: date,
) -> None:
    """Rows offered `again` (by place) that this file brings in right are taken in; those that were refused once more,
    and `kept` under their new row number, give place to the new row. Others that wait while this file brings their row
    are overtaken, unless they are newer."""
    accepted = set(checked.accepted())
    right = {refused.id: keys.at(checked, place) for place, refused in again.items() if place in accepted}
    wrong = [refused.id for place, refused in again.items() if checked.sheet.row_numbers[place] in kept]
    _set(connection, import_id, dict.fromkeys(right, "taken in"), right, again_of=import_id)
    _set(connection, import_id, dict.fromkeys(wrong, "dismissed"), {}, again_of=import_id)
    overtaken = _overtaken(connection, import_id, checked, again, known_on)
    _set(connection, import_id, dict.fromkeys(overtaken, "overtaken"), {})
    if overtaken:
        one = len(overtaken) == 1
        checked.notes.append(
            f"{len(overtaken):,} refused {'row' if one else 'rows'} that waited for a correction"
            f" {'waits' if one else 'wait'} no longer: this file has brought {'it' if one else 'them'}."
        )


def _overtaken(
    connection: Connection, import_id: int, checked: Checked, again: Mapping[int, Refused], known_on: date
) -> list[int]:
    row, entry = schema.rejected_row.c, schema.import_ledger.c
    waits = select(row.id, row.import_id, row.row_number, row.row_key).join(
        schema.import_ledger, entry.id == row.import_id
    )
    chosen = waits.where(
        row.kind == checked.kind.name, row.state == "waiting", row.row_key.is_not(None), entry.known_on <= known_on
    )
    waiting = [Refused(*one) for one in connection.execute(chosen)]
    spoken = keys.spoken_of(checked, {refused.row_key for refused in waiting if refused.row_key})
    numbers = checked.sheet.row_numbers
    return [
        refused.id
        for refused in waiting
        if (place := spoken.get(refused.row_key or "")) is not None
        and refused.said < (again[place].said if place in again else (import_id, numbers[place]))
    ]


def _set(
    connection: Connection,
    import_id: int,
    states: Mapping[int, str],
    row_keys: Mapping[int, str | None],
    again_of: int | None = None,
) -> None:
    """Rows that wait, by number, get their state; `again_of`: not those of this import itself."""
    table = schema.rejected_row
    waits = [table.c.id == bindparam("number"), table.c.state == "waiting"]
    if again_of is not None:
        waits.append(table.c.import_id != again_of)
    setting = update(table).where(*waits)
    for number, state in states.items():
        key = {"row_key": row_keys[number]} if row_keys.get(number) else {}
        connection.execute(setting.values(state=state, resolved_by=import_id, **key), {"number": number})
