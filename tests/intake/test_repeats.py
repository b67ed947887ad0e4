"""Whatever is taken in, repeated and undone, in any order: what is believed is what the files that stand have said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, select

from tests import lengths
from tests.intake.kind_files import BY, FIRST, FULL, SECOND, THIRD, changed, csv_bytes, other, rows_of, taken_in
from tests.intake.test_undo import FOURTH, assert_all_agrees, every_kind, undone
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import header_of
from vs_core.intake.problems import FileProblem
from vs_core.intake.repeats import _spans
from vs_core.intake.undo import outlook, undo
from vs_core.store import schema
from vs_core.store.engine import reading

Rows = list[dict[str, str]]
STEPS = 30


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


@every_kind
def test_rows_that_a_later_file_repeated_stay_known(engine: Engine, kind: str) -> None:
    first = taken_in(engine, kind, csv_bytes([FULL[kind], other(kind)]))
    whole = rows_of(engine, kind)
    second = taken_in(engine, kind, csv_bytes([other(kind)]), SECOND, name="second.csv")
    assert second.counts.unchanged == 1
    told = undone(engine, first.import_id, THIRD)
    assert "1 rows are no longer believed, of 0 of them the earlier version is believed again." in told
    assert (
        f"1 others stay known, as later files said them too: import {second.import_id} (second.csv, 14/09/2026)."
        in told
    )
    (left,) = rows_of(engine, kind)
    assert left in whole
    assert rows_of(engine, kind, SECOND) == whole
    assert_all_agrees(engine)
    undone(engine, second.import_id, FOURTH)
    assert rows_of(engine, kind) == []
    assert rows_of(engine, kind, THIRD) == [left]
    assert_all_agrees(engine)


@every_kind
def test_the_file_before_comes_back_when_the_last_that_repeated_is_undone(engine: Engine, kind: str) -> None:
    taken_in(engine, kind, csv_bytes([FULL[kind]]))
    before = rows_of(engine, kind)
    files = [taken_in(engine, kind, csv_bytes([changed(kind)]), SECOND, name=f"{n}.csv") for n in range(3)]
    after = rows_of(engine, kind)
    for number in (1, 0):
        undone(engine, files[number].import_id, THIRD)
        assert rows_of(engine, kind) == after
        assert_all_agrees(engine)
    undone(engine, files[2].import_id, THIRD)
    assert rows_of(engine, kind) == before
    assert_all_agrees(engine)


def test_only_the_columns_that_the_later_file_gave_stay(engine: Engine) -> None:
    first = taken_in(
        engine, "children", csv_bytes([{"child_id": "1", "dob": "01/02/2012", "surname": "NA", "area": "N"}])
    )
    taken_in(engine, "children", csv_bytes([{"child_id": "1", "dob": "01/02/2012", "area": "N"}]), SECOND)
    undone(engine, first.import_id, THIRD)
    (row,) = rows_of(engine, "children")
    assert dict(zip(header_of(KINDS["children"]), row, strict=True)) == {
        **dict.fromkeys(header_of(KINDS["children"]), ""),
        "child_id": "1",
        "dob": "2012-02-01",
        "area": "N",
    }


def test_only_the_half_day_that_the_later_file_spoke_of_stays(engine: Engine) -> None:
    morning = {**FULL["attendance"], "session": "AM"}
    first = taken_in(engine, "attendance", csv_bytes([morning, {**morning, "session": "PM"}]))
    taken_in(engine, "attendance", csv_bytes([{**morning, "session": "PM"}]), SECOND)
    undone(engine, first.import_id, THIRD)
    assert [row[2] for row in rows_of(engine, "attendance")] == ["PM"]
    assert_all_agrees(engine)


def test_a_mark_that_two_files_gave_a_school_keeps_it_when_one_is_undone(engine: Engine) -> None:
    row = {name: FULL["attendance"][name] for name in ("child_id", "date", "session", "code")}
    taken_in(engine, "attendance", csv_bytes([row]))
    nowhere = rows_of(engine, "attendance")
    files = [taken_in(engine, "attendance", csv_bytes([{**row, "urn": "990001"}]), SECOND) for _ in range(2)]
    at_school = rows_of(engine, "attendance")
    undone(engine, files[0].import_id, THIRD)
    assert rows_of(engine, "attendance") == at_school
    undone(engine, files[1].import_id, THIRD)
    assert rows_of(engine, "attendance") == nowhere
    assert_all_agrees(engine)


def test_the_outlook_names_the_files_and_changes_nothing(engine: Engine) -> None:
    first = taken_in(engine, "children", csv_bytes([FULL["children"], other("children")]))
    for number in range(5):
        taken_in(
            engine, "children", csv_bytes([{**FULL["children"], "child_id": "00124"}]), SECOND, name=f"{number}.csv"
        )
    before = rows_of(engine, "children")
    assert first.import_id is not None
    with reading(engine) as connection:
        said = outlook(connection, first.import_id, THIRD)
    assert "1 rows would no longer be believed" in said
    assert "1 others would stay known, as later files said them too: import" in said
    assert rows_of(engine, "children") == before


@every_kind
@pytest.mark.parametrize("known_on", [FIRST, FOURTH], ids=["as of its own day", "as of today"])
def test_the_same_file_taken_in_again_brings_its_rows_back(engine: Engine, kind: str, known_on: date) -> None:
    file = csv_bytes([FULL[kind], other(kind)])
    first = taken_in(engine, kind, file)
    whole = rows_of(engine, kind)
    undone(engine, first.import_id, THIRD)
    again = taken_in(engine, kind, file, known_on)
    assert again.counts.inserted == 2
    assert rows_of(engine, kind) == whole
    assert_all_agrees(engine)
    undone(engine, again.import_id, FOURTH)
    assert rows_of(engine, kind) == []
    assert_all_agrees(engine)


@every_kind
@pytest.mark.parametrize("known_on", [date(2026, 9, 1), SECOND], ids=["earlier", "later"])
def test_a_file_whose_day_was_wrong_is_undone_and_taken_in_on_the_right_one(
    engine: Engine, kind: str, known_on: date
) -> None:
    file = csv_bytes([FULL[kind], other(kind)])
    first = taken_in(engine, kind, file)
    whole = rows_of(engine, kind)
    undone(engine, first.import_id, THIRD)
    again = taken_in(engine, kind, file, known_on)
    assert (again.counts.inserted, rows_of(engine, kind), rows_of(engine, kind, FIRST)) == (2, whole, whole)
    assert rows_of(engine, kind, known_on) == whole
    assert_all_agrees(engine)


def test_a_late_delivery_gives_way_to_what_a_file_of_a_later_day_has_said(engine: Engine) -> None:
    first = taken_in(engine, "children", csv_bytes([changed("children")]), SECOND)
    taken_in(engine, "children", csv_bytes([changed("children")]), THIRD)
    now = rows_of(engine, "children")
    undone(engine, first.import_id, FOURTH)
    taken_in(engine, "children", csv_bytes([FULL["children"]]), FIRST)
    assert rows_of(engine, "children") == rows_of(engine, "children", THIRD) == now
    assert rows_of(engine, "children", FIRST) != now
    assert_all_agrees(engine)


def test_a_file_that_repeats_all_of_an_earlier_one_takes_one_span(engine: Engine) -> None:
    marks = [
        {"child_id": str(child), "date": f"{day:02d}/09/2026", "am": "/", "pm": "\\", "urn": "990001"}
        for child in range(40)
        for day in range(7, 12)
    ]
    first = taken_in(engine, "attendance", csv_bytes(marks))
    second = taken_in(engine, "attendance", csv_bytes(sorted(marks, key=lambda row: row["date"])), SECOND)
    with reading(engine) as connection:
        spans = [tuple(row) for row in connection.execute(select(schema.import_repeat))]
    assert spans == [(first.import_id, second.import_id, 0, 199, 3)]


def test_spans() -> None:
    assert list(_spans([])) == []
    rows = [(1, 5, 0), (1, 3, 0), (1, 4, 0), (1, 6, 3), (2, 7, 3), (2, 9, 3)]
    assert list(_spans(rows)) == [(1, 3, 5, 0), (1, 6, 6, 3), (2, 7, 7, 3), (2, 9, 9, 3)]


@dataclass
class File:
    """One file that was taken in. stands: it has not been undone."""

    import_id: int
    rows: Rows
    stands: bool = True


def believed(kind: str, key: tuple[str, ...], files: list[File]) -> list[list[str]]:
    """Replayed in plain Python: the files that stand, one after the other."""
    known: dict[tuple[str, ...], dict[str, str]] = {}
    for row in (row for file in files if file.stands for row in file.rows):
        place = tuple(row[name] for name in key)
        known[place] = {**known.get(place, {}), **row}
    return sorted([row.get(name, "") for name in header_of(KINDS[kind])] for row in known.values())


def children(chance: Random) -> Rows:
    optional = [name for name in ("surname", "area") if chance.random() < 0.7]
    return [
        {
            "child_id": child,
            "dob": chance.choice(["2012-02-01", "2012-02-02"]),
            **{n: chance.choice("NA") for n in optional},
        }
        for child in ("1", "2", "3", "4")
        if chance.random() < 0.7
    ]


def enrolments(chance: Random) -> Rows:
    optional = [name for name in ("sen",) if chance.random() < 0.6]
    return [
        {"child_id": child, "urn": urn, "start": "2025-09-01", **{name: chance.choice("NKE") for name in optional}}
        for child in ("1", "2")
        for urn in ("990001", "990002")
        if chance.random() < 0.7
    ]


def attendance(chance: Random) -> Rows:
    optional = [name for name in ("source",) if chance.random() < 0.5]
    return [
        {"child_id": child, "date": day, "session": half, "code": chance.choice("/I"), "urn": "990001"}
        | {name: chance.choice("xy") for name in optional}
        for child in ("1", "2")
        for day in ("2026-09-07", "2026-09-08")
        for half in ("AM", "PM")
        if chance.random() < 0.6
    ]


MADE = {
    "children": (children, ("child_id",)),
    "enrolments": (enrolments, ("child_id", "urn", "start")),
    "attendance": (attendance, ("child_id", "date", "session", "urn")),
}


def steps(engine: Engine, kind: str, chance: Random) -> Iterator[list[File]]:
    """Take in, repeat in part, or undo, a day each; gives all the files so far after each."""
    files: list[File] = []
    for number in range(STEPS):
        standing = [file for file in files if file.stands]
        if standing and chance.random() < 0.35:
            file = chance.choice(standing)
            try:
                undo(engine, file.import_id, by=BY, known_on=FIRST + timedelta(number))
            except FileProblem:
                continue
            file.stands = False
        else:
            rows = MADE[kind][0](chance)
            if files and chance.random() < 0.6:
                rows = [row for row in chance.choice(files).rows if chance.random() < 0.8]
            if not rows:
                continue
            told = taken_in(engine, kind, csv_bytes(rows), FIRST + timedelta(number))
            files.append(File(told.import_id or 0, rows))
        yield files


@pytest.mark.parametrize("seed", range(lengths.examples(1, 20)))
@pytest.mark.parametrize("kind", list(MADE))
def test_what_is_believed_is_what_the_files_that_stand_have_said(engine: Engine, kind: str, seed: int) -> None:
    chance = Random(f"{kind} {seed}")
    for files in steps(engine, kind, chance):
        assert rows_of(engine, kind) == believed(kind, MADE[kind][1], files)
    assert_all_agrees(engine)
