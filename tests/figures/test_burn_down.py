"""The burn-down ends on the headline figures, and each of its points is what the headline said on that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.queries.written import Written, frame
from vs_core.figures import SubjectFigures, compute
from vs_core.figures.burn_down import burn_down, planned_pence
from vs_core.queries.scope import Scope
from vs_core.rules.frame import Frame
from vs_core.store.engine import reading

LAST_DAY = date(2027, 3, 31)


@pytest.fixture
def small(small_authority: Engine) -> Iterator[Connection]:
    with reading(small_authority) as connection:
        yield connection


def at(connection: Connection, as_at: date, scope: Scope | None = None) -> SubjectFigures:
    return compute(connection, "pp-plus", Frame.for_subject("pp-plus", as_at), *([scope] if scope else []))


def line(of: SubjectFigures, name: str) -> pd.DataFrame:
    lines = burn_down(of)
    return lines[lines["line"] == name].reset_index(drop=True)


def ends(of: SubjectFigures) -> dict[str, tuple[date, int]]:
    last = burn_down(of).drop_duplicates("line", keep="last")
    return {row.line: (row.on, row.pence) for row in last.itertuples()}


@pytest.mark.parametrize("as_at", [SMALL_AUTHORITY_AS_AT, date(2026, 4, 1), date(2027, 3, 31), date(2026, 3, 31)])
def test_the_last_day_is_the_headline(small: Connection, as_at: date) -> None:
    of = at(small, as_at)
    headline, last = of.figures, ends(of)
    assert last["paid"] == (as_at, headline["paid_pence"])
    assert last["committed"] == (as_at, headline["paid_pence"] + headline["committed_pence"])
    assert last["forecast"][1] == headline["forecast_pence"]
    if headline["allocation_pence"]:
        assert last["allocation"][1] == headline["allocation_pence"]
        assert last["plan"][1] == headline["allocation_pence"] - headline["retained_pence"]
        assert set(line(of, "allocation")["note"].iloc[-1:]) == {
            "final" if headline["allocation_is_final"] else "provisional"
        }


def test_every_point_is_the_headline_of_its_day(small: Connection) -> None:
    of = at(small, date(2027, 3, 31))
    paid, committed = line(of, "paid"), line(of, "committed")
    for place in (0, 7, 23, 33, len(paid) - 1):
        then = at(small, paid["on"][place]).figures
        assert paid["pence"][place] == then["paid_pence"]
        assert committed["pence"][place] == then["paid_pence"] + then["committed_pence"]


def year(written: Written) -> None:
    notice = {"financial_year": "2026-27", "fund": "PP+", "children": 10}
    written.row("pp_allocation", **notice, stage="provisional", amount_pence=1_000_000, notified_on="2026-05-14")
    written.row("pp_allocation", **notice, stage="final", amount_pence=900_000, notified_on="2026-12-10")
    request(written, "R1", requested_on="2026-04-01", decided_on="2026-04-01", amount_pence=30_000)
    request(written, "R2", requested_on="2027-03-01", decided_on="2027-03-31", amount_pence=20_000)
    request(written, "R3", requested_on="2027-03-01", decided_on="2027-04-01", amount_pence=40_000)
    pay(written, "P1", "R1", "2026-04-01", 10_000)
    pay(written, "P2", "R1", "2027-03-31", 5_000)
    pay(written, "P3", "R1", "2027-04-01", 2_000)


def request(written: Written, request_id: str, **values: Any) -> None:
    usual = {"child": "A", "school": "100001", "term": "2026/27 autumn", "financial_year": "2026-27", "fund": "PP+"}
    more = {"status": "approved", "area": "wider strategies", "exceptional": False}
    written.row("pp_request", request_id=request_id, **(usual | more | values))


def pay(written: Written, payment_id: str, request_id: str, paid_on: str, pence: int, status: str = "paid") -> None:
    row = {"request_id": request_id, "paid_on": paid_on, "amount_pence": pence, "status": status}
    written.row("pp_payment", payment_id=payment_id, school="100001", **row)


def of_day(written: Written, as_at: str) -> SubjectFigures:
    with written.reading() as connection:
        return compute(connection, "pp-plus", frame("pp-plus", as_at))


def test_first_of_april_counts_what_happened_on_it(written: Written) -> None:
    year(written)
    of = of_day(written, "2026-04-01")
    assert ends(of)["paid"] == (date(2026, 4, 1), 10_000)
    assert ends(of)["committed"] == (date(2026, 4, 1), 30_000)
    assert len(line(of, "paid")) == 1


def test_31_march_counts_and_1_april_does_not(written: Written) -> None:
    year(written)
    of = of_day(written, "2027-03-31")
    assert ends(of)["paid"] == (LAST_DAY, 15_000)
    assert ends(of)["committed"] == (LAST_DAY, 50_000)
    assert ends(of)["forecast"] == (LAST_DAY, of.figures["forecast_pence"])
    assert len(line(of, "forecast")) == 1


def test_the_day_after_begins_another_year(written: Written) -> None:
    year(written)
    of = of_day(written, "2027-04-01")
    assert set(burn_down(of)["line"]) == {"paid", "committed", "forecast"}
    assert ends(of)["paid"] == (date(2027, 4, 1), 0)


def test_the_allocation_steps_where_the_final_notice_changed_it(written: Written) -> None:
    year(written)
    steps = line(of_day(written, "2027-01-31"), "allocation")
    assert list(steps["on"]) == [date(2026, 5, 14), date(2026, 12, 9), date(2026, 12, 10), LAST_DAY]
    assert list(steps["pence"]) == [1_000_000, 1_000_000, 900_000, 900_000]
    assert list(steps["note"]) == ["provisional", "provisional", "final", "final"]


def test_the_final_notice_is_not_known_the_day_before(written: Written) -> None:
    year(written)
    assert set(line(of_day(written, "2026-12-09"), "allocation")["pence"]) == {1_000_000}
    assert set(line(of_day(written, "2026-12-10"), "plan")["pence"]) == {0, 720_000}


def test_plan_runs_evenly_from_the_first_to_the_last_day(written: Written) -> None:
    year(written)
    of = of_day(written, "2026-11-23")
    assert planned_pence(of, date(2026, 4, 1)) == 0
    assert planned_pence(of, LAST_DAY) == 800_000
    assert planned_pence(of, date(2026, 9, 30)) == 400_000


def test_without_a_notice_there_is_neither_allocation_nor_plan(written: Written) -> None:
    year(written)
    of = of_day(written, "2026-05-13")
    assert set(burn_down(of)["line"]) == {"paid", "committed", "forecast"}
    assert planned_pence(of, date(2026, 5, 13)) is None


def test_a_request_paid_beyond_its_amount_takes_nothing_from_another(written: Written) -> None:
    request(written, "R1", requested_on="2026-04-02", decided_on="2026-04-03", amount_pence=10_000)
    request(written, "R2", requested_on="2026-04-02", decided_on=None, amount_pence=10_000)
    pay(written, "P1", "R1", "2026-04-05", 15_000)
    pay(written, "P2", "R2", "2026-04-05", 4_000, "recovered")
    of = of_day(written, "2026-04-30")
    assert ends(of)["committed"] == (date(2026, 4, 30), 25_000)
    assert list(line(of, "committed")["pence"])[:2] == [0, 25_000]


def test_nothing_has_arrived(written: Written) -> None:
    of = of_day(written, "2026-11-23")
    assert burn_down(of).empty
    assert list(burn_down(of).columns) == ["line", "on", "pence", "note"]


def test_a_caseload_has_no_allocation(small: Connection) -> None:
    of = at(small, SMALL_AUTHORITY_AS_AT, Scope(names=True, adviser="nobody", restricted=False))
    assert set(burn_down(of)["line"]) == {"paid", "committed"}


def test_a_figure_that_is_not_known_has_no_line(small: Connection) -> None:
    of = at(small, SMALL_AUTHORITY_AS_AT)
    unknown = replace(of, figures=of.figures | {"paid_pence": None, "committed_pence": None, "forecast_pence": None})
    assert set(burn_down(unknown)["line"]) == {"allocation", "plan"}
