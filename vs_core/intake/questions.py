"""Cells that were taken in and that a person should look at: asked once, until a later file says the row again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, or_, select, update

from vs_core.intake import keys
from vs_core.intake.checking import Checked
from vs_core.intake.identities import chunks
from vs_core.intake.problems import RowProblem
from vs_core.intake.remaining import undone
from vs_core.store import schema


def only_of_rows_that_count(checked: Checked) -> None:
    """Without questions about rows that a row further down in the file replaces."""
    places = {number: place for place, number in enumerate(checked.sheet.row_numbers)}
    last = {checked.keys[place]: place for place in checked.accepted()} if checked.keys else {}
    checked.problems = [
        problem
        for problem in checked.problems
        if problem.severity == "rejected"
        or not last
        or last.get(checked.keys[places[problem.row_number]]) == places[problem.row_number]
    ]


def close(connection: Connection, import_id: int, checked: Checked, known_on: date) -> tuple[RowProblem, ...]:
    """Close what earlier files asked about cells that this file says again; it asks anew where there is need.
    Gives everything noticed without what had been asked before."""
    row, entry = schema.row_problem.c, schema.import_ledger.c
    given = [column.name for column in checked.kind.columns if column.to in checked.places]
    asked = (
        select(row.id, row.row_key, row.column_name, row.rule)
        .join(schema.import_ledger, entry.id == row.import_id)
        .where(row.severity == "query", row.row_key.is_not(None), row.column_name.in_(given))
        .where(or_(row.closed_by.is_(None), row.closed_by.in_(undone())), row.import_id.not_in(undone()))
        .where(entry.kind == checked.kind.name, entry.id != import_id, entry.known_on <= known_on)
    )
    found = connection.execute(asked).all()
    spoken = keys.spoken_of(checked, {one.row_key for one in found})
    closing = [one for one in found if one.row_key in spoken]
    for some in chunks(one.id for one in closing):
        connection.execute(update(schema.row_problem).where(row.id.in_(some)).values(closed_by=import_id))
    return _not_asked_before(checked, {(one.row_key, one.column_name, one.rule) for one in closing})


def _not_asked_before(checked: Checked, before: set[tuple[str, str, str]]) -> tuple[RowProblem, ...]:
    places = {number: place for place, number in enumerate(checked.sheet.row_numbers)}
    new = tuple(
        problem
        for problem in checked.problems
        if problem.severity == "rejected"
        or (keys.at(checked, places[problem.row_number]), problem.column, problem.rule) not in before
    )
    again = len(checked.problems) - len(new)
    if again:
        cells = (
            "cell that was noticed before still needs" if again == 1 else "cells that were noticed before still need"
        )
        checked.notes.append(f"{again:,} {cells} a look, on the Data page.")
    return new
