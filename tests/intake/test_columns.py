"""Columns that mean the same stop a file before anything is written; no cell of a refused row is lost."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from tests.intake.kind_files import FULL, cells_as_csv, csv_bytes, rows_of, taken_in
from vs_core.access.viewer import Viewer
from vs_core.casework import imports
from vs_core.intake.columns import named_cells
from vs_core.intake.kinds import KINDS
from vs_core.intake.ledger import Counts
from vs_core.intake.mapping import Mapping
from vs_core.intake.problems import FileProblem
from vs_core.store import schema
from vs_core.store.engine import reading

HEAD = Viewer(1, "head", "A Head", "headteacher", "session 1", sees_restricted=True)
TODAY = date(2026, 9, 28)
TWICE = {
    "the same name": (
        "children",
        ["child_id", "dob", "forename", "Fore_name"],
        "'forename' (column 3) and 'Fore_name'",
    ),
    "another name": ("attendance", ["child_id", "pupil_id", "date", "session", "code"], "'child_id' (column 1) and"),
    "two other names": ("schools", ["URN", "name", "open_date", "OpenDate"], "'open_date' (column 3) and 'OpenDate'"),
    "long and wide": (
        "attendance",
        ["child_id", "date", "session", "code", "am", "pm"],
        "'session' (column 3) and 'am'",
    ),
    "wide with a code": ("attendance", ["child_id", "date", "am", "pm", "code"], "'am' (column 3) and 'code'"),
    "the number of a refused row": ("children", ["child_id", "dob", "rejected_row", "Rejected Row"], "(column 3) and"),
}


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


@pytest.mark.parametrize("what", TWICE)
def test_two_columns_that_mean_the_same_stop_the_import(engine: Engine, what: str) -> None:
    kind, header, said = TWICE[what]
    with pytest.raises(FileProblem) as problem:
        taken_in(engine, kind, cells_as_csv([header, ["x" for _ in header]]))
    assert str(problem.value).startswith(f"Two columns of {kind}.csv mean the same: ")
    assert said in str(problem.value)
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(schema.import_ledger)) == 0


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_alias_beside_its_column_stops_the_import(engine: Engine, kind: str) -> None:
    for column in KINDS[kind].columns:
        for other in column.aliases:
            with pytest.raises(FileProblem, match="mean the same"):
                taken_in(engine, kind, csv_bytes([{**FULL[kind], column.name: "x", other: "x"}]))


def test_a_mapping_that_makes_two_columns_mean_the_same_stops_the_import(engine: Engine) -> None:
    mapping = Mapping("own.toml", {"Pupil ref": "child_id"}, {})
    with pytest.raises(FileProblem, match=r"'child_id' \(column 1\) and 'child_id' \(column 3\)"):
        taken_in(engine, "children", cells_as_csv([["Pupil ref", "dob", "child_id"], ["1", "", "2"]]), mapping=mapping)


def kept(engine: Engine) -> tuple[int, dict[str, str]]:
    with reading(engine) as connection:
        row = connection.execute(select(schema.rejected_row.c.id, schema.rejected_row.c.cells)).one()
    return row.id, json.loads(row.cells)


def test_no_cell_of_a_refused_row_is_lost(engine: Engine) -> None:
    header = ["child_id", "dob", "note", "", "note", "", "note (column 5)"]
    cells = ["00123", "soon", "one", "two", "three", "four", "five", "six", "seven"]
    taken_in(engine, "children", cells_as_csv([header, cells]))
    assert list(kept(engine)[1].values()) == cells


def test_names_of_cells() -> None:
    assert named_cells(["a", "", "a", "rejected_row"], ["1", "2", "3", "9", "4"]) == {
        "a": "1",
        "column 2": "2",
        "a (column 3)": "3",
        "extra cell 5": "4",
    }


def test_a_row_with_too_many_cells_is_offered_again_only_when_each_has_its_place(engine: Engine) -> None:
    taken_in(engine, "children", b"child_id,dob,surname,area\n00123,01/02/2012,Null, the second,North\n")
    row, cells = kept(engine)
    assert cells["extra cell 5"] == "North"
    told = imports.offer_again(HEAD, row, {}, TODAY, engine)
    assert told.import_id is None
    assert [problem.column for problem in told.problems] == ["extra cell 5"]
    right = {"surname": "Null, the second", "area": "North", "extra cell 5": ""}
    assert imports.offer_again(HEAD, row, right, TODAY, engine).counts == Counts(inserted=1)
    assert "Null, the second" in rows_of(engine, "children")[0]
