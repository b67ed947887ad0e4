"""From the release to finance's answer: the file goes out, another comes back in, and each line is held against it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.casework import paying
from tests.casework.paying import BEN, MONDAY, book, build, release
from vs_core.casework import batches
from vs_core.intake import take_in
from vs_core.reports import payment_file
from vs_core.rules.payment_matching import DIFFERS, MATCHED, MISSING, REVERSED, UNKNOWN, agreements

HEADER = "payment_id,request_id,amount,status,paid_on,batch,urn,vendor,cost_code"


def answered(engine: Engine, folder: Path, *rows: str) -> None:
    """Finance's file, taken in as anybody's."""
    file = folder / "finance.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    told = take_in(engine, "pp-payments", file, known_on=MONDAY, by="a test")
    assert told.counts.rejected == 0


@pytest.fixture
def released(engine: Engine) -> Engine:
    """Batch 1 with R1 (£100), R3 (£300), R2 (£200) and R4 (£400), released."""
    paying.authority(engine)
    release(engine, build(engine))
    return engine


def outcomes(engine: Engine) -> dict[str, tuple[str, int]]:
    rows = book(engine).matched
    return {row.line.request_id if row.line else "?": (row.outcome, row.difference_pence) for row in rows}


def test_finance_gets_the_lines_and_answers_them_to_the_penny(released: Engine, tmp_path: Path) -> None:
    sent = payment_file.csv_file(payment_file.read_layout(payment_file.SHIPPED), book(released).held(1))
    rows = list(csv.DictReader(io.StringIO(sent.decode("utf-8-sig"))))
    assert [(row["Request"], row["Amount"], row["Supplier number"]) for row in rows] == [
        ("R1", "100.00", "V1"),
        ("R3", "300.00", "V1"),
        ("R2", "200.00", "V2"),
        ("R4", "400.00", "V2"),
    ]
    back = [
        f"{row['Reference']},{row['Request']},{row['Amount']},paid,27/11/2026,{row['Batch']},{row['URN']},"
        f"{row['Supplier number']},{row['Cost code']}"
        for row in rows
    ]
    answered(released, tmp_path, *back)
    assert set(outcomes(released).values()) == {(MATCHED, 0)}
    assert [each.agrees for each in agreements(book(released).matched)] == [True]
    answered(released, tmp_path, *back)
    assert set(outcomes(released).values()) == {(MATCHED, 0)}


def test_what_differs_is_listed(released: Engine, tmp_path: Path) -> None:
    batches.reverse(BEN, book(released).held(1)[3].line_id, "Wrong school", MONDAY, released)
    answered(
        released,
        tmp_path,
        "F1,R1,100.00,paid,27/11/2026,VS-1,100001,V1,E4410",
        "F2,R3,299.99,paid,27/11/2026,VS-1,100001,V1,E4410",
        "F9,R9,12.00,paid,27/11/2026,VS-1,100002,V2,E4410",
    )
    assert outcomes(released) == {
        "R1": (MATCHED, 0),
        "R3": (DIFFERS, -1),
        "R2": (MISSING, -20_000),
        "R4": (REVERSED, 0),
        "?": (UNKNOWN, 1_200),
    }
    (sums,) = agreements(book(released).matched)
    assert (sums.sent_pence, sums.paid_pence) == (60_000, 41_199)
    assert (sums.missing_pence, sums.surplus_pence, sums.agrees) == (20_001, 1_200, False)


def test_what_finance_paid_is_due_no_more_and_what_came_back_is(released: Engine, tmp_path: Path) -> None:
    answered(released, tmp_path, "F1,R1,100.00,paid,27/11/2026,VS-1,100001,V1,E4410")
    batches.reverse(BEN, book(released).held(1)[0].line_id, "Wrong school", MONDAY, released)
    with pytest.raises(batches.Overtaken, match="Nothing is left to pay"):
        build(released)
    answered(released, tmp_path, "F2,R1,100.00,recovered,30/11/2026,VS-1,100001,V1,E4410")
    assert [line.request_id for line in paying.built(released)] == ["R1"]
