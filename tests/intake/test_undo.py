"""Undoing an import: the rows are as they were before it, the past stays as it was known, the ledger adds up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from tests.intake.kind_files import (
    BY,
    FIRST,
    FULL,
    SECOND,
    THIRD,
    changed,
    csv_bytes,
    other,
    rows_of,
    taken_in,
    wrong,
)
from vs_core.intake.kinds import KINDS
from vs_core.intake.problems import FileProblem
from vs_core.intake.reconciling import unreconciled
from vs_core.intake.undo import outlook, undo
from vs_core.queries.ledger import current_rows, sums
from vs_core.store import schema
from vs_core.store.engine import reading, writing
from vs_core.summaries.proof import differences

every_kind = pytest.mark.parametrize("kind", list(KINDS))
FOURTH = date(2026, 9, 28)


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


def undone(engine: Engine, number: int | None, on: date) -> str:
    assert number is not None
    return undo(engine, number, by=BY, known_on=on)


def assert_all_agrees(engine: Engine) -> None:
    """Ledger and tables, the summaries and the marks, and for every kind the net of the ledger and the rows held."""
    with writing(engine) as connection:
        assert differences(connection) == []
        connection.rollback()
    tables = [(kind.name, kind.table.name) for kind in KINDS.values() if kind.name != "attendance"]
    with reading(engine) as connection:
        assert unreconciled(connection) == []
        net = {row.kind: row.net_new for row in connection.execute(sums()) if row.kind != "attendance"}
        held = {row.kind: row.current_rows + row.born_closed for row in connection.execute(current_rows(tables))}
    assert {kind: held[kind] for kind in net} == net


@every_kind
def test_the_rows_are_as_they_were_before_the_import(engine: Engine, kind: str) -> None:
    taken_in(engine, kind, csv_bytes([FULL[kind]]))
    before = rows_of(engine, kind)
    second = taken_in(engine, kind, csv_bytes([changed(kind), other(kind)]), SECOND)
    after = rows_of(engine, kind)
    told = undone(engine, second.import_id, THIRD)
    assert "2 rows are no longer believed, of 1 of them the earlier version is believed again" in told
    assert rows_of(engine, kind) == before
    assert rows_of(engine, kind, FIRST) == before
    assert rows_of(engine, kind, SECOND) == after
    assert_all_agrees(engine)


@every_kind
def test_an_import_that_later_files_changed_is_undone_after_them(engine: Engine, kind: str) -> None:
    first = taken_in(engine, kind, csv_bytes([FULL[kind], other(kind)]))
    before = rows_of(engine, kind)
    second = taken_in(engine, kind, csv_bytes([changed(kind)]), SECOND)
    with pytest.raises(FileProblem, match=f"undo import {second.import_id} first"):
        undone(engine, first.import_id, THIRD)
    undone(engine, second.import_id, THIRD)
    assert rows_of(engine, kind) == before
    undone(engine, first.import_id, FOURTH)
    assert rows_of(engine, kind) == []
    assert rows_of(engine, kind, THIRD) == before
    assert_all_agrees(engine)
    again = taken_in(engine, kind, csv_bytes([FULL[kind], other(kind)]), FOURTH)
    assert again.counts.inserted == 2
    assert again.same_file is None
    assert rows_of(engine, kind) == before
    assert_all_agrees(engine)


@every_kind
def test_undone_on_the_day_it_came(engine: Engine, kind: str) -> None:
    taken_in(engine, kind, csv_bytes([FULL[kind]]))
    before = rows_of(engine, kind)
    second = taken_in(engine, kind, csv_bytes([changed(kind), other(kind)]))
    undone(engine, second.import_id, FIRST)
    assert rows_of(engine, kind) == rows_of(engine, kind, FIRST) == before
    assert_all_agrees(engine)


def test_a_late_delivery_is_undone_without_touching_what_came_after_it(engine: Engine) -> None:
    taken_in(engine, "children", csv_bytes([FULL["children"]]), FIRST)
    newest = taken_in(engine, "children", csv_bytes([changed("children")]), THIRD)
    late = taken_in(engine, "children", csv_bytes([{**FULL["children"], "dob": "09/09/2012"}]), SECOND)
    now = rows_of(engine, "children")
    undone(engine, late.import_id, FOURTH)
    assert rows_of(engine, "children") == now
    assert_all_agrees(engine)
    undone(engine, newest.import_id, FOURTH)
    assert len(rows_of(engine, "children")) == 1
    assert_all_agrees(engine)


def test_marks_that_found_their_school_go_back_to_having_none(engine: Engine) -> None:
    row = {name: FULL["attendance"][name] for name in ("child_id", "date", "session", "code")}
    taken_in(engine, "attendance", csv_bytes([row, {**row, "session": "PM"}]))
    before = rows_of(engine, "attendance")
    second = taken_in(engine, "attendance", csv_bytes([{**row, "urn": "990001"}]), SECOND)
    assert rows_of(engine, "attendance") != before
    undone(engine, second.import_id, THIRD)
    assert rows_of(engine, "attendance") == before
    assert_all_agrees(engine)


def test_refused_rows_of_an_undone_import_wait_no_longer_and_those_it_corrected_wait_again(engine: Engine) -> None:
    first = taken_in(engine, "children", csv_bytes([wrong("children")]))
    states = select(schema.rejected_row.c.state)
    with reading(engine) as connection:
        number = connection.scalar(select(schema.rejected_row.c.id))
    mended = taken_in(engine, "children", csv_bytes([{**other("children"), "rejected_row": str(number)}]), SECOND)
    undone(engine, mended.import_id, THIRD)
    with reading(engine) as connection:
        assert connection.scalars(states).all() == ["waiting"]
    undone(engine, first.import_id, THIRD)
    with reading(engine) as connection:
        assert connection.scalars(states).all() == ["dismissed"]


def test_what_cannot_be_undone_is_said(engine: Engine) -> None:
    first = taken_in(engine, "children", csv_bytes([FULL["children"]]))
    with pytest.raises(FileProblem, match="There is no import 999999"):
        undone(engine, 999_999, SECOND)
    undone(engine, first.import_id, SECOND)
    with pytest.raises(FileProblem, match="already undone"):
        undone(engine, first.import_id, SECOND)
    assert first.import_id is not None
    with pytest.raises(FileProblem, match="is itself an undoing"):
        undone(engine, first.import_id + 1, SECOND)


def test_the_outlook_tells_the_rows_and_changes_nothing(engine: Engine) -> None:
    taken_in(engine, "children", csv_bytes([FULL["children"]]))
    second = taken_in(engine, "children", csv_bytes([changed("children"), other("children")]), SECOND)
    before = rows_of(engine, "children")
    assert second.import_id is not None
    with reading(engine) as connection:
        said = outlook(connection, second.import_id, THIRD)
    assert "from 21/09/2026 on: 2 rows would no longer be believed" in said
    assert rows_of(engine, "children") == before


def entry(**counts: int) -> dict[str, Any]:
    nothing = dict.fromkeys(("rows_in", "inserted", "unchanged", "corrected", "rejected"), 0)
    named = {"kind": "children", "file_name": "a.csv", "file_hash": "0", "encoding": "utf-8", "imported_by": BY}
    return {**named, "imported_at": datetime(2026, 9, 7, 12), "known_on": FIRST, **nothing, **counts}


@pytest.mark.parametrize(
    "counts",
    [
        {"rows_in": 2, "inserted": 1},
        {"rows_in": 1},
        {"inserted": 1},
        {"rows_in": 0, "inserted": 1, "rejected": -1},
    ],
)
def test_the_database_itself_refuses_counts_that_do_not_add_up(engine: Engine, counts: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(schema.import_ledger).values(**entry(**counts)))
    taken_in(engine, "children", csv_bytes([FULL["children"]]))
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(update(schema.import_ledger).values(unchanged=7))


def test_the_database_itself_undoes_an_import_once(engine: Engine) -> None:
    first = taken_in(engine, "children", csv_bytes([FULL["children"]]))
    undone(engine, first.import_id, SECOND)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(schema.import_ledger).values(**entry(undoes=first.import_id or 0)))
