"""What goes out comes back the same: exports, difficult texts, encodings, separators, forms of dates, mappings."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine

from tests.intake.kind_files import (
    FIRST,
    FULL,
    SECOND,
    changed,
    csv_bytes,
    enough,
    other,
    rows_of,
    taken_in,
)
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import csv_file, current_rows, header_of, xlsx_file
from vs_core.intake.ledger import Counts
from vs_core.intake.mapping import read_mapping
from vs_core.intake.problems import FileProblem
from vs_core.intake.reading import read, read_bytes
from vs_core.rules.formulas import FORMULA_STARTS
from vs_core.store.engine import reading

TRICKY = Path(__file__).parents[1] / "real_data" / "tricky"
SPECTRUM = TRICKY / "csv-spectrum"
NAUGHTY: list[str] = [text for text in json.loads((TRICKY / "blns.json").read_text(encoding="utf-8")) if text]
INJECTIONS = [line for line in (TRICKY / "csv-injection.txt").read_text(encoding="utf-8").splitlines() if line]
WRITERS: dict[str, Callable[..., bytes]] = {"csv": csv_file, "xlsx": xlsx_file}
every_kind = pytest.mark.parametrize("kind", list(KINDS))
as_either = pytest.mark.parametrize("ending", list(WRITERS))


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


def exported(engine: Engine, kind: str, ending: str) -> bytes:
    with reading(engine) as connection:
        return WRITERS[ending](header_of(KINDS[kind]), current_rows(connection, KINDS[kind]))


def assert_comes_back(engine: Engine, elsewhere: Engine, kind: str, ending: str) -> None:
    """Into its own database nothing changes; into an empty one the same current rows."""
    content, name = exported(engine, kind, ending), f"{kind}.{ending}"
    before = rows_of(engine, kind)
    own = taken_in(engine, kind, content, SECOND, name=name)
    assert ([str(one) for one in own.problems if one.severity == "rejected"], own.ignored) == ([], ())
    assert own.counts.rows_in == own.counts.unchanged == len(before)
    assert taken_in(elsewhere, kind, content, SECOND, name=name).counts == Counts(inserted=len(before))
    assert rows_of(elsewhere, kind) == before


@as_either
@every_kind
def test_an_export_changes_nothing_at_home_and_is_the_same_elsewhere(
    engine: Engine, elsewhere: Engine, kind: str, ending: str
) -> None:
    taken_in(engine, kind, csv_bytes([enough(kind)]))
    taken_in(engine, kind, csv_bytes([FULL[kind], other(kind)]))
    taken_in(engine, kind, csv_bytes([changed(kind)]), SECOND)
    assert_comes_back(engine, elsewhere, kind, ending)


@as_either
def test_notices_without_a_number_come_back_after_a_correction(engine: Engine, elsewhere: Engine, ending: str) -> None:
    row = {name: cell for name, cell in FULL["exclusions"].items() if name != "notice_id"}
    taken_in(engine, "exclusions", csv_bytes([row, {**row, "sessions": "6"}]))
    taken_in(engine, "exclusions", csv_bytes([{**row, "sessions": "8"}]), SECOND)
    assert_comes_back(engine, elsewhere, "exclusions", ending)


def named(text: str, number: int) -> dict[str, dict[str, str]]:
    """One row of three kinds with a text where people write freely."""
    return {
        "children": {**FULL["children"], "child_id": f"c{number}", "forename": text, "surname": text},
        "schools": {**FULL["schools"], "URN": f"{number}", "EstablishmentName": text.strip() or "blank", "Town": text},
        "pp-requests": {**FULL["pp-requests"], "request_id": f"r{number}", "target": text, "impact": text},
    }


@as_either
@pytest.mark.parametrize("kind", ["children", "schools", "pp-requests"])
def test_naughty_texts_come_back_the_same(engine: Engine, elsewhere: Engine, kind: str, ending: str) -> None:
    texts = [*NAUGHTY, *INJECTIONS, "'", "''=1", "'=1", " leading", "trailing ", "two\nlines", "\ttab", "_x0041_"]
    rows = [named(text, number)[kind] for number, text in enumerate(texts)]
    header = list(rows[0])
    content = csv_file(header, [list(row.values()) for row in rows])
    assert taken_in(engine, kind, content).counts == Counts(inserted=len(texts))
    column = header_of(KINDS[kind]).index({"schools": "Town", "children": "surname"}.get(kind, "impact"))
    assert sorted(row[column] for row in rows_of(engine, kind)) == sorted(texts)
    assert_comes_back(engine, elsewhere, kind, ending)


def test_no_export_carries_a_live_formula(engine: Engine) -> None:
    texts = [*INJECTIONS, *(text for text in NAUGHTY if text.lstrip().startswith(FORMULA_STARTS)), "=1+1", "@x", "+1"]
    rows = [named(text, number)["children"] for number, text in enumerate(texts)]
    taken_in(engine, "children", csv_file(list(rows[0]), [list(row.values()) for row in rows]))
    lines = list(csv.reader(io.StringIO(exported(engine, "children", "csv").decode("utf-8-sig"), newline="")))
    assert [cell for line in lines for cell in line if cell.lstrip().startswith(FORMULA_STARTS)] == []
    with CalamineWorkbook.from_filelike(io.BytesIO(exported(engine, "children", "xlsx"))) as book:
        cells = {cell for row in book.get_sheet_by_index(0).to_python() for cell in row}
    assert "=1+1" in cells
    assert all(isinstance(cell, str) for cell in cells)


def test_an_excel_export_holds_text_and_no_formula(engine: Engine) -> None:
    import zipfile

    taken_in(engine, "children", csv_bytes([{**FULL["children"], "forename": "x"}]))
    content = xlsx_file(["a"], [["=1+1"], ["https://example.org"], ["007"]])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


@pytest.mark.parametrize("file", sorted(SPECTRUM.glob("csvs/*.csv")), ids=lambda file: file.stem)
def test_the_csv_spectrum_reads_as_its_json(file: Path) -> None:
    expected = json.loads((SPECTRUM / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))
    sheet = read(file)
    found = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    same_ends = [{name: cell.replace("\r\n", "\n") for name, cell in row.items()} for row in found]
    assert same_ends == [{name: cell.replace("\r\n", "\n") for name, cell in row.items()} for row in expected]


@pytest.mark.parametrize(
    ("encoded", "given", "said"),
    [
        ("utf-8", None, "utf-8"),
        ("utf-8-sig", None, "utf-8"),
        ("utf-8-sig", "utf-8", "utf-8"),
        ("windows-1252", None, "windows-1252"),
        ("windows-1252", "windows-1252", "windows-1252"),
        ("utf-16", "utf-16", "utf-16"),
    ],
)
def test_encodings(encoded: str, given: str | None, said: str) -> None:
    text = "child_id,dob,surname\n00123,01/02/2012,Zoë Müller – “x”\n"
    sheet = read_bytes("children.csv", text.encode(encoded), given)
    assert (sheet.encoding, sheet.header) == (said, ["child_id", "dob", "surname"])
    assert sheet.rows == [["00123", "01/02/2012", "Zoë Müller – “x”"]]


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (b"", None, "is empty"),
        (b"\n\n", None, "is empty"),
        (b"a,b\n\x81,2\n", None, "cannot be read as UTF-8 or windows-1252"),
        (b"a,b\n\xe9,2\n", "utf-8", "cannot be read as utf-8"),
        (b"a,b\n1,2\n", "klingon", "no encoding called 'klingon'"),
        (b'a,b\n"1"x,2\n', None, "not a readable CSV"),
        (b"a,b\n\xe9,2\n", "utf-8", "name another encoding, or none"),
        ("a,b\n1,2\n".encode("utf-16"), None, "is not text"),
        ("a,b\n1,2\n".encode("utf-16"), "utf-8", "cannot be read as utf-8"),
        (b"a,b\n1,2\n", "base64", "no encoding called 'base64'"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", None, "the old form \\(.xls\\), or one that opens with a password"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(content: bytes, encoding: str | None, said: str) -> None:
    with pytest.raises(FileProblem, match=said):
        read_bytes("a.csv", content, encoding)


def test_a_workbook_that_is_none_says_so() -> None:
    with pytest.raises(FileProblem, match="not a readable Excel workbook"):
        read_bytes("a.xlsx", b"PK\x03\x04 no workbook")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(engine: Engine, separator: str) -> None:
    rows = [{**FULL["children"], "surname": "with, comma; and\ttab"}]
    assert taken_in(engine, "children", csv_bytes(rows, separator=separator)).counts == Counts(inserted=1)
    assert rows_of(engine, "children")[0][4] == "with, comma; and\ttab"


@pytest.mark.parametrize(
    ("cells", "days", "refused"),
    [
        (("01/02/2012", "31/12/2012"), (date(2012, 2, 1), date(2012, 12, 31)), 0),
        (("03/04/2012", "05/06/2012"), (date(2012, 4, 3), date(2012, 6, 5)), 0),
        (("01-02-2012", "31-12-2012"), (date(2012, 2, 1), date(2012, 12, 31)), 0),
        (("2012-02-01", "2012-12-31T10:11:12"), (date(2012, 2, 1), date(2012, 12, 31)), 0),
        (("2012-Feb-01 00:00:00", "2012-Dec-31 00:00:00"), (date(2012, 2, 1), date(2012, 12, 31)), 0),
        (("01/02/2012", "2012-12-31", "05/06/2012"), (date(2012, 2, 1), date(2012, 6, 5)), 1),
        (("01/13/2012", "12/31/2012", "05/06/2012"), (date(2012, 6, 5),), 2),
    ],
)
def test_a_column_of_dates_has_one_form(
    engine: Engine, cells: Sequence[str], days: Sequence[date], refused: int
) -> None:
    rows = [{"child_id": f"c{place}", "dob": cell} for place, cell in enumerate(cells)]
    told = taken_in(engine, "children", csv_bytes(rows))
    assert told.counts == Counts(inserted=len(days), rejected=refused)
    assert sorted(row[1] for row in rows_of(engine, "children")) == sorted(day.isoformat() for day in days)


def test_each_column_of_dates_has_its_own_form(engine: Engine) -> None:
    row = {"child_id": "1", "urn": "9", "start": "01/09/2025", "end": "2026-08-31"}
    assert taken_in(engine, "enrolments", csv_bytes([row])).counts == Counts(inserted=1)


def workbook(rows: Sequence[Sequence[object]], sheets: Sequence[tuple[str, bool]] = (("rows", True),)) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, visible in sheets:
            sheet = book.add_worksheet(name)
            if not visible:
                sheet.hide()
                continue
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def test_a_workbook_of_dates_numbers_and_gaps(engine: Engine) -> None:
    rows = [
        ["child_id", "urn", "start", "nc_year", "end"],
        [123, "00123", datetime(2026, 9, 1), 9, None],
        [],
        ["0045", 990001, "2026-09-02", "Year 10", datetime(2027, 7, 1)],
    ]
    told = taken_in(engine, "enrolments", workbook(rows, [("rows", True), ("hidden", False)]), name="e.XLSX")
    assert (told.counts, told.encoding) == (Counts(inserted=2), "Excel")
    assert rows_of(engine, "enrolments") == [
        ["0045", "990001", "2026-09-02", "2027-07-01", "10", "", "", "", ""],
        ["123", "00123", "2026-09-01", "", "9", "", "", "", ""],
    ]


def test_a_workbook_with_two_visible_sheets_needs_a_name() -> None:
    content = workbook([["a"], ["1"]], [("one", True), ("two", True)])
    with pytest.raises(FileProblem, match="2 visible sheets \\('one', 'two'\\)"):
        read_bytes("a.xlsx", content)
    assert read_bytes("a.xlsx", content, sheet="two").rows == [["1"]]
    with pytest.raises(FileProblem, match="no sheet called 'three'"):
        read_bytes("a.xlsx", content, sheet="three")


def test_a_workbook_under_another_name_is_read_as_one() -> None:
    content = workbook([["a"], ["1"]])
    for name in ("a.csv", "a.xls", "a"):
        sheet = read_bytes(name, content)
        assert (sheet.encoding, sheet.header, sheet.rows) == ("Excel", ["a"], [["1"]])


def test_a_sheet_that_is_a_chart_is_no_sheet() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        rows = book.add_worksheet("rows")
        rows.write_column(0, 0, ["a", 1, 2])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=rows!$A$2:$A$3"})
        book.add_chartsheet("chart").set_chart(chart)
    assert read_bytes("a.xlsx", file.getvalue()).rows == [["1"], ["2"]]


def test_numbers_of_a_workbook_are_as_excel_shows_them() -> None:
    numbers = [0.1 + 0.2, 1.1 * 3, 12.5, 1e-7, 2.9999999999999996, -0.30000000000000004, 1e20]
    sheet = read_bytes("a.xlsx", workbook([["a"], *([number] for number in numbers)]))
    shown = ["0.3", "3.3", "12.5", "0.0000001", "3", "-0.3", "100000000000000000000"]
    assert [cell for (cell,) in sheet.rows] == shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("05/06/2012", "2012-06-05"),
        ("31-12-2012", "2012-12-31"),
        ("2012-06-05", "2012-06-05"),
        ("2012-Jun-05 00:00:00", "2012-06-05"),
    ],
)
def test_a_true_date_of_excel_stands_beside_typed_ones(engine: Engine, typed: str, said: str) -> None:
    true = [["c1", datetime(2012, 2, 1)], ["c2", datetime(2013, 12, 31)]]
    content = workbook([["child_id", "dob"], *true, ["c3", typed], ["c4", "not known yet"]])
    told = taken_in(engine, "children", content, name="c.xlsx")
    assert told.counts == Counts(inserted=3, rejected=1)
    assert [row[1] for row in rows_of(engine, "children")] == ["2012-02-01", "2013-12-31", said]


def test_a_true_moment_of_excel_keeps_its_time_beside_typed_ones() -> None:
    content = workbook([["at"], [datetime(2026, 9, 7, 9, 30)], ["08/09/2026 10:00"]])
    sheet = read_bytes("a.xlsx", content)
    assert [cell for (cell,) in sheet.rows] == ["07/09/2026 09:30:00", "08/09/2026 10:00"]


MAPPING = """
[columns]
"Pupil Ref" = "child_id"
"Mark" = "code"

[values.code]
"Present" = "/"
"/" = "N"
"AbsentNoReason" = "N"
"""


def test_a_mapping_gives_our_names_and_codes_and_can_be_applied_twice(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "westmere.toml"
    file.write_text(MAPPING, encoding="utf-8")
    mapping = read_mapping(file)
    rows = [
        {"pupil ref": "1", "date": "04/09/2026", "session": half, "MARK": mark}
        for half, mark in (("AM", "Present"), ("PM", "AbsentNoReason"))
    ]
    sheet = read_bytes("marks.csv", csv_bytes(rows))
    assert mapping.applied(sheet).rows == mapping.applied(sheet).rows
    assert taken_in(engine, "attendance", csv_bytes(rows), mapping=mapping).counts == Counts(inserted=2)
    assert [row[3] for row in rows_of(engine, "attendance")] == ["/", "N"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns", "is not TOML"),
        ("[colums]\na = 'b'", "has a fault at colums"),
        ("[columns]\na = 1", "has a fault at columns.a"),
    ],
)
def test_a_mapping_with_a_fault_says_where(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "m.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileProblem, match=said):
        read_mapping(file)


def test_a_mapping_of_a_column_that_the_file_has_not_stops_the_import(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text("[columns]\nNumber = 'child_id'", encoding="utf-8")
    with pytest.raises(FileProblem, match="names columns that the file has not: Number"):
        taken_in(engine, "children", csv_bytes([FULL["children"]]), mapping=read_mapping(file))


def test_a_nul_in_any_cell_refuses_its_row_and_the_reason_can_be_kept(engine: Engine) -> None:
    rows = [{**FULL["bookings"], "booking_id": f"b{name}", name: "x\x00y"} for name in ("status", "role", "booked_on")]
    padding = [{**FULL["bookings"], "booking_id": "b" * 5000}]
    told = taken_in(engine, "bookings", csv_bytes([*padding, *rows]))
    assert told.counts == Counts(inserted=1, rejected=3)


def test_an_export_of_an_earlier_day(engine: Engine) -> None:
    taken_in(engine, "children", csv_bytes([FULL["children"]]), FIRST)
    taken_in(engine, "children", csv_bytes([changed("children")]), SECOND)
    with reading(engine) as connection:
        rows = list(current_rows(connection, KINDS["children"], FIRST))
    assert [row[1] for row in rows] == ["2012-02-01"]
