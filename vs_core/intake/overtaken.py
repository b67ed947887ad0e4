"""A refused row that is offered again does not undo what newer rows have said of its key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, or_, select

from vs_core.intake import identities, keys, numbering, versions
from vs_core.intake.checking import Checked
from vs_core.intake.kind import Row
from vs_core.intake.problems import SAID_SINCE, RowProblem
from vs_core.intake.refusals import Refused
from vs_core.intake.repeats import Repeats
from vs_core.store import schema

Said = tuple[int, int]  # import and row number, 0 when that is not known


def refuse_rows(
    connection: Connection, checked: Checked, rows: list[Row], again: Mapping[int, Refused], known_on: date
) -> None:
    """Refuse the rows offered `again` (by place) that would change what a newer row has said. rows: of the sheet."""
    offered = [place for place in checked.accepted() if place in again]
    db_keys = _keys(connection, checked, rows, offered) if offered else {}
    held = versions.held(connection, checked.kind.table, db_keys.values(), known_on) if db_keys else {}
    for place in offered:
        was = held[db_keys[place]].now if place in db_keys and db_keys[place] in held else None
        if was and any(was.values[name] != given for name, given in _given(connection, checked, rows[place]).items()):
            last = _last_said(connection, was.import_id, was.number, keys.at(checked, place))
            _refuse(connection, checked, place, again[place], last, "")
        elif was is None and checked.kind.nth_of:
            _refuse_one_more(connection, checked, place, rows[place], again[place], known_on)


def _keys(connection: Connection, checked: Checked, rows: list[Row], places: list[int]) -> dict[int, versions.Key]:
    """Keys in the table by place; a row of a child or school that nobody has named has none."""
    children = _known(connection, rows, places, "child_key")
    schools = _known(connection, rows, places, "school_key") | {None: 0}
    found = {}
    for place in places:
        row = {"school_key": None, **rows[place]}
        parts = {
            **row,
            "child_key": children.get(row.get("child_key")),
            "school_key": schools.get(row["school_key"]),
        }
        key = tuple(parts.get(name) for name in checked.kind.key)
        if None not in key:
            found[place] = key
    return found


def _known(connection: Connection, rows: list[Row], places: list[int], name: str) -> dict[Any, int]:
    table, column = (schema.child, "child_id") if name == "child_key" else (schema.school, "urn")
    numbers = {str(rows[place][name]) for place in places if rows[place].get(name) is not None}
    return dict(identities.held(connection, table, column, numbers))


def _given(connection: Connection, checked: Checked, row: Row) -> dict[str, Any]:
    """What a row gives beside its key, as the table would hold it."""
    given = {name: value for name, value in row.items() if name not in checked.kind.key}
    if "child_key" in given:
        given["child_key"] = _known(connection, [row], [0], "child_key").get(row["child_key"])
    if "school_key" in given:
        given["school_key"] = (_known(connection, [row], [0], "school_key") | {None: 0}).get(row["school_key"])
    return given


def _last_said(connection: Connection, import_id: int, number: int, key: str | None) -> Said:
    """When a row of a table was last said: by the import that brought it, or by one that repeated it since. What came
    in as a corrected row was said by the file that it stood in."""
    said = Repeats(connection, {import_id}).by(import_id, number)
    return max(_origin(connection, one, key) for one in (import_id, *said))


def _origin(connection: Connection, import_id: int, key: str | None) -> Said:
    row = schema.rejected_row.c
    corrected = select(row.import_id, row.row_number).where(
        row.resolved_by == import_id, row.state == "taken in", row.row_key == key
    )
    return max(((one.import_id, one.row_number) for one in connection.execute(corrected)), default=(import_id, 0))


def _refuse(connection: Connection, checked: Checked, place: int, refused: Refused, last: Said, way_out: str) -> None:
    if not _is_newer(last, refused, keys.at(checked, place)):
        return
    entry = schema.import_ledger.c
    name, day = connection.execute(select(entry.file_name, entry.known_on).where(entry.id == last[0])).one()
    sentence = (
        f"import {last[0]} ({name}, {day:%d/%m/%Y}) has said such a row since, and this older one does not replace it:"
        f" dismiss it{way_out}"
    )
    checked.problems.append(RowProblem(checked.sheet.row_numbers[place], "whole row", SAID_SINCE, sentence))


def _is_newer(last: Said, refused: Refused, key: str | None) -> bool:
    """Whether something was said after a refused row. In one file the row further down is newer; of a row that had no
    readable key there nobody can say, so that it does not replace another."""
    if last[0] != refused.import_id:
        return last[0] > refused.import_id
    return last[1] > refused.row_number if last[1] else refused.row_key != key


def _refuse_one_more(
    connection: Connection, checked: Checked, place: int, row: Row, refused: Refused, known_on: date
) -> None:
    """A row without a number of its own that would become one more beside such rows of newer files."""
    table, such = checked.kind.table, numbering.such_rows(checked.kind, row)
    if such is None or row.get(numbering.OWN) is not None or numbering.kept(refused, such):
        return
    known = or_(table.c.known_to.is_(None), table.c.known_to > known_on), table.c.known_from <= known_on
    chosen = table.c[numbering.KEY].startswith(f"{such}|", autoescape=True)
    found = connection.execute(select(table.c.import_id, table.c.id).where(chosen, *known)).all()
    last = max((_last_said(connection, one.import_id, one.id, None) for one in found), default=(0, 0))
    if last[0] > refused.import_id:
        _refuse(connection, checked, place, refused, last, ", or give it a notice_id if it is one more")


def refuse_marks(connection: Connection, checked: Checked, again: Mapping[int, Refused], known_on: date) -> None:
    """The same of register marks."""
    for place in [place for place in checked.accepted() if place in again]:
        said = [
            last
            for half in keys.halves_of(checked, place)
            if (last := _mark_said(connection, checked, place, half, known_on))
        ]
        if said:
            _refuse(connection, checked, place, again[place], max(said), "")


def _mark_said(connection: Connection, checked: Checked, place: int, half: str, known_on: date) -> Said | None:
    """When another mark of a half day was said first, at that school or at one not known."""
    values, table, child = checked.values, schema.child_day, schema.child
    mark = table.c[half.lower()]
    code = values["code" if "code" in values else half.lower()][place]
    of_day = [child.c.child_id == values["child_key"][place], table.c.day == values["day"][place]]
    if "school_key" in values and values["school_key"][place] is not None:
        of_day.append(schema.school.c.urn.in_((values["school_key"][place], "")))
    known = or_(table.c.known_to.is_(None), table.c.known_to > known_on), table.c.known_from <= known_on
    joined = table.join(child, child.c.id == table.c.child_key).join(
        schema.school, schema.school.c.id == table.c.school_key
    )
    now = connection.scalar(select(mark).select_from(joined).where(*of_day, *known, mark != code).limit(1))
    if now is None:
        return None
    first = connection.scalar(select(func.min(table.c.import_id)).select_from(joined).where(*of_day, mark == now))
    return _origin(connection, int(first or 0), keys.at(checked, place))
