"""What is said of rows: only what is true of them, once, and in words that fit their number."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.intake.kind_files import FULL, csv_bytes, rows_of, taken_in
from vs_core.intake.cells import LARGEST_POUNDS
from vs_core.intake.kinds import KINDS
from vs_core.intake.ledger import Counts

EPISODE = FULL["ssda903-episodes"]


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


def test_a_row_that_is_refused_draws_no_query(engine: Engine) -> None:
    told = taken_in(engine, "ssda903-episodes", csv_bytes([{**EPISODE, "DECOM": "soon", "RNE": "", "LS": ""}]))
    assert [(problem.column, problem.severity) for problem in told.problems] == [("DECOM", "rejected")]


@pytest.mark.parametrize("cells", [{"more": "one"}, None], ids=["too many cells", "too few cells"])
def test_a_row_of_the_wrong_width_draws_no_complaint_about_its_cells(
    engine: Engine, cells: dict[str, str] | None
) -> None:
    good = FULL["pp-requests"]
    bad = {"first": "shifted", **good, **cells} if cells else dict(list(good.items())[2:])
    told = taken_in(engine, "pp-requests", csv_bytes([good, bad]))
    assert told.counts == Counts(inserted=1, rejected=1)
    assert [(problem.row_number, problem.rule) for problem in told.problems] == [(3, "number of cells")]


def test_the_shifted_dates_of_a_too_wide_row_do_not_decide_the_form_of_the_column(engine: Engine) -> None:
    good = {"child_id": "1", "dob": "03/04/2012"}
    wide = [{"shift": "x", "child_id": f"2012-03-0{day}", "dob": "y"} for day in (4, 5, 6)]
    told = taken_in(engine, "children", csv_bytes([good, *wide]))
    assert told.counts == Counts(inserted=1, rejected=3)


ALWAYS_FILLED = [(kind.name, column.name) for kind in KINDS.values() for column in kind.columns if column.filled]


@pytest.mark.parametrize(("kind", "column"), ALWAYS_FILLED)
@pytest.mark.parametrize("blank", ["", "   ", "\u00a0"])
def test_a_column_that_is_never_empty_takes_no_blanks(engine: Engine, kind: str, column: str, blank: str) -> None:
    told = taken_in(engine, kind, csv_bytes([{**FULL[kind], column: blank}]))
    assert told.counts == Counts(rejected=1)
    assert rows_of(engine, kind) == []


@pytest.mark.parametrize("kind", ["pp-allocations", "pp-requests", "pp-payments", "courses", "licences"])
@pytest.mark.parametrize("amount", ["20000000.01", "£99,999,999,999,999"])
def test_an_amount_that_cannot_be_is_refused_alone(engine: Engine, kind: str, amount: str) -> None:
    name = "amount" if kind.startswith("pp-") else "cost"
    most = {**FULL[kind], name: f"£{LARGEST_POUNDS:,}.00"}
    told = taken_in(engine, kind, csv_bytes([most]))
    assert told.counts == Counts(inserted=1)
    told = taken_in(engine, kind, csv_bytes([most, {**most, name: amount}]))
    assert told.counts == Counts(unchanged=1, rejected=1)
    assert [str(problem) for problem in told.problems] == [
        f"Row 3, {name}: '{amount}' is too large an amount: more than £20,000,000 [money]"
    ]
