"""Every KIND: what is enough, every column, what is missing or wrong, and what a second and a third file do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select

from tests.intake.kind_files import (
    CHANGED,
    FIRST,
    FULL,
    SECOND,
    WRONG,
    cells_as_csv,
    changed,
    csv_bytes,
    enough,
    other,
    rows_of,
    taken_in,
    wrong,
)
from vs_core.intake.kind import Kind
from vs_core.intake.kinds import KINDS
from vs_core.intake.ledger import Counts
from vs_core.intake.problems import FileProblem
from vs_core.intake.reconciling import unreconciled
from vs_core.store import schema
from vs_core.store.engine import reading

every_kind = pytest.mark.parametrize("kind", list(KINDS))


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


def entries(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(schema.import_ledger)) or 0


def test_every_kind_has_a_row_here_with_each_of_its_columns() -> None:
    assert FULL.keys() == KINDS.keys() == CHANGED.keys()
    assert KINDS.keys() - WRONG.keys() == {"benchmarks"}
    lacking = {kind.name: {column.name for column in kind.columns} - FULL[kind.name].keys() for kind in KINDS.values()}
    assert {kind: names for kind, names in lacking.items() if names} == {
        "attendance": {"am", "pm"},
        "schools": {"Local Authority"},
    }


@every_kind
def test_required_columns_are_enough(engine: Engine, kind: str) -> None:
    told = taken_in(engine, kind, csv_bytes([enough(kind)]))
    assert (told.counts, [str(one) for one in told.problems]) == (Counts(inserted=1), [])
    assert len(rows_of(engine, kind)) == 1


def spelled(kind: Kind, name: str) -> str:
    """The last alias of a column, else its name in another spelling."""
    column = next(column for column in kind.columns if column.name == name)
    return column.aliases[-1] if column.aliases else f" {name.upper().replace('_', ' ')}"


@every_kind
def test_every_column_and_every_alias(engine: Engine, kind: str) -> None:
    taken_in(engine, kind, csv_bytes([FULL[kind]]))
    whole = rows_of(engine, kind)
    assert all(whole[0]), "a column of the file did not reach the table"
    header = [spelled(KINDS[kind], name) for name in FULL[kind]]
    told = taken_in(engine, kind, csv_bytes([FULL[kind]], [*header]), SECOND)
    assert (told.counts, told.ignored) == (Counts(unchanged=1), ())
    assert rows_of(engine, kind) == whole


@every_kind
def test_a_missing_required_column_stops_the_import_by_its_name(engine: Engine, kind: str) -> None:
    before = entries(engine)
    for name in [column.name for column in KINDS[kind].columns if column.required]:
        row = {column: cell for column, cell in FULL[kind].items() if column != name}
        with pytest.raises(FileProblem, match="needs the column") as problem:
            taken_in(engine, kind, csv_bytes([row]))
        assert name in str(problem.value)
    assert entries(engine) == before
    assert rows_of(engine, kind) == []


@pytest.mark.parametrize("kind", list(WRONG))
def test_a_wrong_cell_refuses_its_row_and_no_other(engine: Engine, kind: str) -> None:
    good, bad = FULL[kind], wrong(kind)
    told = taken_in(engine, kind, csv_bytes([good, bad]))
    column, cell = WRONG[kind]
    assert told.counts == Counts(inserted=1, rejected=1)
    assert [(one.row_number, one.column, one.severity) for one in told.problems] == [(3, column, "rejected")]
    assert cell in told.problems[0].sentence
    assert len(rows_of(engine, kind)) == 1


@every_kind
def test_too_many_and_too_few_cells_refuse_the_row(engine: Engine, kind: str) -> None:
    row = list(FULL[kind].values())
    lines = [list(FULL[kind]), [*row, "one more"], row[:-1], list(other(kind).values())]
    told = taken_in(engine, kind, cells_as_csv(lines))
    assert told.counts == Counts(inserted=1, rejected=2)
    wide = [(one.row_number, one.sentence[:24]) for one in told.problems if one.rule == "number of cells"]
    assert wide == [(2, "the row has too many cel"), (3, "the row has too few cell")]


@every_kind
def test_of_a_key_that_repeats_the_last_row_wins(engine: Engine, kind: str) -> None:
    told = taken_in(engine, kind, csv_bytes([FULL[kind], other(kind), changed(kind)]))
    assert told.counts == Counts(inserted=2, corrected=1)
    taken_in(engine, kind, csv_bytes([changed(kind)]), SECOND)
    now = rows_of(engine, kind)
    assert now == rows_of(engine, kind, FIRST)
    assert len(now) == 2


@every_kind
def test_the_same_again_changes_nothing_and_a_correction_keeps_what_was_known(engine: Engine, kind: str) -> None:
    first = csv_bytes([FULL[kind], other(kind)])
    taken_in(engine, kind, first)
    before = rows_of(engine, kind)
    again = taken_in(engine, kind, first, SECOND)
    assert (again.counts, again.same_file is not None) == (Counts(unchanged=2), True)
    assert "Nothing changed." in again.lines()
    told = taken_in(engine, kind, csv_bytes([changed(kind)]), SECOND)
    assert told.counts == Counts(corrected=1)
    assert rows_of(engine, kind, FIRST) == before
    now = rows_of(engine, kind)
    assert len([row for row in now if row in before]) == 1
    assert len(now) == 2
    with reading(engine) as connection:
        assert unreconciled(connection) == []


@every_kind
def test_a_file_of_some_columns_leaves_the_others_as_they_were(engine: Engine, kind: str) -> None:
    taken_in(engine, kind, csv_bytes([FULL[kind]]))
    before = rows_of(engine, kind)
    names = enough(kind).keys() | {"notice_id"} | ({"urn"} if kind == "calendar" else set())
    told = taken_in(engine, kind, csv_bytes([{n: cell for n, cell in FULL[kind].items() if n in names}]), SECOND)
    assert told.counts == Counts(unchanged=1)
    assert rows_of(engine, kind) == before


@every_kind
def test_a_column_without_a_meaning_is_named_and_ignored(engine: Engine, kind: str) -> None:
    told = taken_in(engine, kind, csv_bytes([{**FULL[kind], "shoe size": "44"}]))
    assert told.ignored == ("shoe size",)
    assert told.counts == Counts(inserted=1)


def test_a_late_delivery_does_not_change_what_is_known_now(engine: Engine) -> None:
    taken_in(engine, "children", csv_bytes([changed("children")]), SECOND)
    told = taken_in(engine, "children", csv_bytes([FULL["children"]]), FIRST)
    assert told.counts == Counts(inserted=1)
    assert rows_of(engine, "children")[0][1] == "2012-02-02"
    assert rows_of(engine, "children", FIRST)[0][1] == "2012-02-01"


def test_wide_attendance_is_two_marks_a_row(engine: Engine) -> None:
    wide = [{"pupil_id": "00123", "date": "04/09/2026", "am": "/", "pm": "I"}]
    assert taken_in(engine, "attendance", csv_bytes(wide)).counts == Counts(inserted=1)
    assert [(row[2], row[3]) for row in rows_of(engine, "attendance")] == [("AM", "/"), ("PM", "I")]
    wide[0]["pm"] = "M"
    assert taken_in(engine, "attendance", csv_bytes(wide), SECOND).counts == Counts(corrected=1)
    assert [(row[2], row[3]) for row in rows_of(engine, "attendance")] == [("AM", "/"), ("PM", "M")]


def test_notices_without_a_number_are_told_apart_by_their_place_in_the_file(engine: Engine) -> None:
    row = {name: cell for name, cell in FULL["exclusions"].items() if name != "notice_id"}
    twice = csv_bytes([row, {**row, "sessions": "6"}])
    assert taken_in(engine, "exclusions", twice).counts == Counts(inserted=2)
    assert taken_in(engine, "exclusions", twice, SECOND).counts == Counts(unchanged=2)


def test_an_unknown_child_and_school_are_kept_without_details(engine: Engine) -> None:
    taken_in(engine, "enrolments", csv_bytes([FULL["enrolments"]]))
    with reading(engine) as connection:
        assert connection.scalars(select(schema.child.c.child_id)).all() == ["00123"]
        assert "990001" in connection.scalars(select(schema.school.c.urn)).all()


def test_an_empty_code_is_taken_in_and_listed(engine: Engine) -> None:
    told = taken_in(engine, "exclusions", csv_bytes([{**FULL["exclusions"], "reason1": ""}]))
    assert told.counts == Counts(inserted=1)
    assert [(one.column, one.severity) for one in told.problems] == [("reason1", "query")]


def test_a_code_counts_by_the_list_of_its_day(engine: Engine) -> None:
    """H left the register's codes with the regulations of August 2024."""
    before, after = ({**FULL["attendance"], "code": "H", "date": day} for day in ("05/03/2024", "04/09/2026"))
    told = taken_in(engine, "attendance", csv_bytes([before, after]))
    assert told.counts == Counts(inserted=1, rejected=1)
    assert "was not in use on 04/09/2026" in told.problems[0].sentence


def test_a_refused_row_that_comes_back_corrected_is_taken_in_and_one_still_wrong_gives_place(engine: Engine) -> None:
    taken_in(engine, "children", csv_bytes([wrong("children"), {**wrong("children"), "child_id": "00125"}]))
    table = schema.rejected_row
    with reading(engine) as connection:
        numbers = connection.scalars(select(table.c.id).order_by(table.c.id)).all()
    again = [
        {**other("children"), "rejected_row": str(numbers[0]), "why it was refused": "restricted"},
        {**wrong("children"), "child_id": "00125", "restricted": "perhaps", "rejected_row": str(numbers[1]), "why": ""},
    ]
    told = taken_in(engine, "children", csv_bytes(again), SECOND)
    assert (told.counts, told.ignored) == (Counts(inserted=1, rejected=1), ())
    with reading(engine) as connection:
        states = connection.execute(select(table.c.state, table.c.cells).order_by(table.c.id)).all()
    assert [row.state for row in states] == ["taken in", "dismissed", "waiting"]
    assert "rejected_row" not in states[2].cells
    assert "why" not in states[2].cells


def test_a_refused_row_named_by_another_kind_or_by_nonsense_waits_on(engine: Engine) -> None:
    taken_in(engine, "children", csv_bytes([wrong("children")]))
    names = ["1", "²", "99999999999999999999", "-1"]
    rows = [{**FULL["cohorts"], "child_id": f"c{name}", "rejected_row": name} for name in names]
    assert taken_in(engine, "cohorts", csv_bytes(rows)).counts == Counts(inserted=4)
    with reading(engine) as connection:
        assert connection.scalars(select(schema.rejected_row.c.state)).all() == ["waiting"]


def test_a_dry_run_keeps_nothing_and_says_the_same(engine: Engine) -> None:
    content = csv_bytes([FULL["children"], wrong("children")])
    before = entries(engine)
    tried = taken_in(engine, "children", content, dry_run=True)
    assert (entries(engine), rows_of(engine, "children")) == (before, [])
    done = taken_in(engine, "children", content)
    assert replace(done, import_id=None) == tried
