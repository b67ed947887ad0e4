"""The file of a batch for the finance system: laid out as the council says, and safe to open."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from vs_core.reports import payment_file
from vs_core.reports.payment_file import LayoutProblem, csv_file, read_layout, xlsx_file
from vs_core.rules.payables import Line

AT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
"""1 July in England."""


def line(number: int, pence: int, **more: Any) -> Line:
    about = (number, 7, 1, 1, "C1", True, f"R{number}", pence, "2026/27 autumn", "PP+", "ann", "Ann", AT)
    usual = {"urn": "100001", "school": "Hill School", "vendor": "00123", "cost_code": "E4410", "released_at": AT}
    return Line(*about, **{**usual, **more})


def read(content: bytes, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def layout(folder: Path, text: str) -> payment_file.Layout:
    file = folder / "payment_file.toml"
    file.write_text(text, encoding="utf-8")
    return read_layout(file)


COLUMNS = '[[columns]]\nheading = "Due"\nfield = "amount"\n[[columns]]\nheading = "Day"\nfield = "released_on"\n'


def test_the_shipped_layout() -> None:
    shipped = read_layout(payment_file.SHIPPED)
    rows = read(csv_file(shipped, [line(1, 60_000, invoice="I-9"), line(2, 5)]))
    assert rows[0] == shipped.header
    assert rows[1] == [
        "00123", "VS-7-1", "VS-7", "R1", "100001", "Hill School", "I-9", "600.00", "2026/27 autumn", "E4410",
        "01/07/2026", "Pupil Premium Plus",
    ]  # fmt: skip
    assert rows[2][7] == "0.05"


def test_no_cell_is_run_by_a_spreadsheet() -> None:
    shipped = read_layout(payment_file.SHIPPED)
    evil = [line(1, 1, school='=HYPERLINK("x")', vendor="@SUM(1)", invoice="-1+2", cost_code="\t=1")]
    assert [cell[:2] for cell in read(csv_file(shipped, evil))[1] if "=" in cell or "@" in cell or "+" in cell] == [
        "'@",
        "'=",
        "'-",
        "'\t",
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file(shipped, evil)))["Payments"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert sheet["F2"].value == '=HYPERLINK("x")'
    assert (sheet["H2"].value, sheet["H2"].number_format) == (0.01, "0.00")
    assert sheet["K2"].value == datetime(2026, 7, 1)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", [["Due", "Day"], ["12.50", "01/07/2026"]]),
        ('money = "pence"\ndates = "yyyymmdd"\n', [["Due", "Day"], ["1250", "20260701"]]),
        ('payments = "negative"\nheadings = false\n', [["-12.50", "01/07/2026"]]),
        ('separator = ";"\ndates = "yyyy-mm-dd"\n', [["Due", "Day"], ["12.50", "2026-07-01"]]),
    ],
)
def test_money_signs_days_and_headings_as_the_council_says(
    tmp_path: Path, said: str, expected: list[list[str]]
) -> None:
    own = layout(tmp_path, said + COLUMNS)
    assert read(csv_file(own, [line(1, 1_250)]), own.separator) == expected


def test_a_counter_entry_has_the_other_sign_and_its_own_day(tmp_path: Path) -> None:
    back = line(1, 1_250, reversed_at=datetime(2026, 7, 9, 9, tzinfo=UTC), reversed_why="Wrong school")
    for sign, amount in (("positive", "-12.50"), ("negative", "12.50")):
        own = layout(tmp_path, f'payments = "{sign}"\n{COLUMNS}')
        assert read(csv_file(own, [back], reversed_ones=True))[1] == [amount, "09/07/2026"]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file(own, [back], reversed_ones=True)))["Payments"]
    assert (sheet["A2"].value, sheet["B2"].value.date()) == (12.5, date(2026, 7, 9))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('money = "euros"\n' + COLUMNS, "has a fault at money"),
        ('[[columns]]\nheading = "Name"\nfield = "child"\n', "has a fault at columns.0.field"),
        ('[[columns]]\nheading = "Both"\nfield = "urn"\ntext = "x"\n', "a field or a text"),
        ("columns = [", "is not TOML"),
    ],
)
def test_a_layout_with_a_fault_says_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LayoutProblem, match=said):
        layout(tmp_path, text)


def test_the_councils_own_layout_takes_the_place_of_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payment_file, "settings", lambda: type("Own", (), {"mapping_folder": tmp_path}))
    assert payment_file.layout() == read_layout(payment_file.SHIPPED)
    layout(tmp_path, COLUMNS)
    assert payment_file.layout().header == ["Due", "Day"]
