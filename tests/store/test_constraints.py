"""What the database itself refuses, whoever writes into it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from vs_core.store import schema
from vs_core.store.engine import reading, writing

COUNTS = {"rows_in": 0, "inserted": 0, "unchanged": 0, "corrected": 0, "rejected": 0}
EARLY, LATE = date(2026, 1, 1), date(2026, 2, 1)


def entry(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": number,
        "kind": "cohorts",
        "file_name": "a.csv",
        "file_hash": "0" * 64,
        "encoding": "utf-8",
        "imported_at": datetime(2026, 1, 1),
        "imported_by": "a test",
        "known_on": EARLY,
        **COUNTS,
        **values,
    }


@pytest.fixture
def started(engine: Engine) -> Engine:
    """Two entries of the ledger and a child."""
    with writing(engine) as connection:
        connection.execute(insert(schema.import_ledger), [entry(901), entry(902)])
        connection.execute(insert(schema.child).values(id=1, child_id="C1", import_id=901))
    return engine


def member(**values: Any) -> Any:
    row = {"child_key": 1, "cohort": "kinship", "started_on": EARLY, "import_id": 901, "known_from": EARLY}
    return insert(schema.cohort_membership).values(**{**row, **values})


def mark(**values: Any) -> Any:
    row = {"child_key": 1, "day": EARLY, "school_key": 0, "am": "/", "import_id": 901, "known_from": EARLY}
    return insert(schema.child_day).values(**{**row, **values})


def refused(**values: Any) -> Any:
    row = {"import_id": 901, "kind": "cohorts", "row_number": 2, "cells": "{}", "state": "waiting"}
    return insert(schema.rejected_row).values(**{**row, **values})


def problem(**values: Any) -> Any:
    row = {"import_id": 901, "row_number": 2, "column_name": "a", "rule": "b", "sentence": "c", "severity": "query"}
    return insert(schema.row_problem).values(**{**row, **values})


def notice(**values: Any) -> Any:
    row = {"notice_key": "n", "child_key": 1, "started_on": EARLY, "category": "SUSP", "occurrence": 1}
    knowledge = {"import_id": 901, "known_from": EARLY}
    return insert(schema.exclusion).values(**{**row, **knowledge, **values})


def ledger(**values: Any) -> Any:
    return insert(schema.import_ledger).values(**entry(903, **values))


REFUSED = {
    "counts that do not add up": ledger(rows_in=2, inserted=1),
    "counts that add up below nothing": ledger(rows_in=0, inserted=1, rejected=-1),
    "counts changed afterwards": update(schema.import_ledger).where(schema.import_ledger.c.id == 901).values(rows_in=1),
    "an undoing of nothing": ledger(undoes=999),
    "a state of a refused row": refused(state="lost"),
    "a refused row of no import": refused(import_id=999),
    "a severity": problem(severity="fatal"),
    "a cohort": member(cohort="in care"),
    "a member of no child": member(child_key=999),
    "a row of no import": member(import_id=999),
    "known to before known from": member(closed_by=902, known_to=date(2025, 12, 31)),
    "closed by nobody": member(known_to=LATE),
    "closed never": member(closed_by=902),
    "a record without marks": mark(am=None),
    "a record closed by nobody": mark(known_to=LATE),
    "a record closed before it was known": mark(closed_by=902, known_to=date(2025, 12, 31)),
    "a record at no school": mark(school_key=999),
    "sessions below nothing": notice(sessions=-1),
    "a category": notice(category="FIXD"),
    "a status of a notice": notice(status="lost"),
    "a child without a number": insert(schema.child).values(id=2, child_id=None, import_id=901),
    "a child twice": insert(schema.child).values(id=2, child_id="C1", import_id=901),
    "a school twice": insert(schema.school).values(id=2, urn=""),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(started: Engine, what: str) -> None:
    with pytest.raises(IntegrityError), writing(started) as connection:
        connection.execute(REFUSED[what])


ACCEPTED = {
    "a member": member(),
    "a member known and withdrawn on one day": member(closed_by=902, known_to=EARLY),
    "a record": mark(),
    "a notice without sessions": notice(),
    "a refused row": refused(),
    "a query": problem(),
    "counts that add up": ledger(rows_in=4, inserted=1, unchanged=1, corrected=1, rejected=1),
}


@pytest.mark.parametrize("what", ACCEPTED)
def test_the_database_takes_the_same_rows_when_they_are_right(started: Engine, what: str) -> None:
    with writing(started) as connection:
        connection.execute(ACCEPTED[what])


@pytest.mark.parametrize("row", [member, mark, notice], ids=["cohort_membership", "child_day", "exclusion"])
def test_one_key_has_one_current_row_and_any_number_of_closed_ones(started: Engine, row: Any) -> None:
    with writing(started) as connection:
        connection.execute(row(closed_by=902, known_to=LATE))
        connection.execute(row(import_id=902, known_from=LATE))
    with writing(started) as connection:
        connection.execute(insert(schema.import_ledger), [entry(903)])
    with pytest.raises(IntegrityError), writing(started) as connection:
        connection.execute(row(import_id=903, known_from=LATE))


def test_an_import_is_undone_once(started: Engine) -> None:
    with writing(started) as connection:
        connection.execute(insert(schema.import_ledger), [entry(903, undoes=901)])
    with pytest.raises(IntegrityError), writing(started) as connection:
        connection.execute(insert(schema.import_ledger), [entry(904, undoes=901)])


def test_every_versioned_table_promises_one_current_row_a_key() -> None:
    assert len(schema.VERSIONED) > 20
    for name, table in schema.VERSIONED.items():
        unique = [index for index in table.indexes if index.unique]
        assert [{column.name for column in index.columns} for index in unique] == [set(table.info["key"])], name
        names = {str(check.name) for check in table.constraints}
        assert any("knowledge_in_order" in check for check in names), name
        assert any("closed_by_somebody" in check for check in names), name


def test_no_row_of_the_first_version_breaks_a_promise(started: Engine) -> None:
    with reading(started) as connection:
        for table in schema.metadata.sorted_tables:
            connection.execute(select(table).limit(1)).all()
