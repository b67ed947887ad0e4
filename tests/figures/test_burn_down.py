"""The burn-down is the headline of each day and a naive count of it; its points open what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.queries.written import Written, frame
from vs_core.figures import SubjectFigures, compute, with_children
from vs_core.figures.burn_down import LEFT, SPENT, burn_down, by_day, planned_pence
from vs_core.figures.burn_down_behind import behind, table
from vs_core.figures.pp_forecast import RunForecast
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


def line(of: SubjectFigures, name: str, form: str = LEFT) -> pd.DataFrame:
    lines = burn_down(of, form)
    return lines[lines["line"] == name].reset_index(drop=True)


def ends(of: SubjectFigures, form: str = LEFT) -> dict[str, tuple[date, int]]:
    last = burn_down(of, form).drop_duplicates("line", keep="last")
    return {row.line: (row.on, row.pence) for row in last.itertuples()}


@pytest.mark.parametrize("as_at", [SMALL_AUTHORITY_AS_AT, date(2026, 4, 1), date(2027, 3, 31), date(2026, 3, 31)])
def test_the_last_day_is_the_headline(small: Connection, as_at: date) -> None:
    of = at(small, as_at)
    now, left, spent = of.figures, ends(of), ends(of, SPENT)
    paid = now["paid_pence"] - now["recovered_pence"]
    assert spent["spent"] == (as_at, paid)
    assert spent["promised"] == (as_at, paid + now["committed_pence"])
    assert spent["forecast"][1] == now["forecast_pence"]
    if now["allocation_pence"]:
        spendable = now["allocation_pence"] - now["retained_pence"]
        assert left["left"] == (as_at, spendable - paid)
        assert left["remaining"] == (as_at, now["remaining_pence"])
        assert left["forecast"][1] == spendable - now["forecast_pence"]
        assert spent["allocation"][1] == now["allocation_pence"]
        assert spent["plan"][1] == spendable
        assert left["plan"][1] == 0


def test_every_day_is_the_headline_of_it(small: Connection) -> None:
    days = by_day(at(small, date(2027, 3, 31)))
    keys = [key for key in days.columns if key.endswith("_pence") and key != "left_pence"]
    for place in (0, 43, 49, 161, 231, len(days) - 1):
        then = at(small, days["on"][place]).figures
        for key in keys:
            assert (None if pd.isna(days[key][place]) else days[key][place]) == known(then, key), (
                days["on"][place],
                key,
            )


def known(figures: dict[str, Any], key: str) -> Any:
    without = figures["allocation_pence"] is None and key in ("allocation_pence", "retained_pence", "remaining_pence")
    return None if without else figures[key]


def naive_left(of: SubjectFigures, day: date) -> int | None:
    """Allocation less retained and paid, with recovered, counted row by row."""
    due = [row for row in of.rows["allocations"].to_dict("records") if row["financial_year"] == of.frame.financial_year]
    due = [row for row in due if row["fund"] in (None, "PP+") and row["notified_on"] <= day]
    held = None
    for row in due:
        final, was = row["stage"] == "final", held is not None and held["stage"] == "final"
        if held is None or (final, row["notified_on"]) >= (was, held["notified_on"]):
            held = row
    if held is None:
        return None
    left = held["amount_pence"] - (held["amount_pence"] * 20 + 50) // 100
    for row in of.rows["payments"].to_dict("records"):
        if row["paid_on"] <= day:
            left += {"paid": -1, "recovered": 1}.get(row["status"], 0) * row["amount_pence"]
    return left


def test_each_day_is_what_a_naive_count_makes_of_it(small: Connection) -> None:
    of = at(small, SMALL_AUTHORITY_AS_AT)
    days = by_day(of)
    assert len(days) == (SMALL_AUTHORITY_AS_AT - date(2026, 4, 1)).days + 1
    for row in days.itertuples():
        assert (None if pd.isna(row.left_pence) else row.left_pence) == naive_left(of, row.on), row.on
        if not pd.isna(row.left_pence):
            assert row.remaining_pence == row.left_pence - row.committed_pence


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
    assert ends(of, SPENT)["spent"] == (date(2026, 4, 1), 10_000)
    assert ends(of, SPENT)["promised"] == (date(2026, 4, 1), 30_000)
    assert len(line(of, "spent", SPENT)) == 1


def test_31_march_counts_and_1_april_does_not(written: Written) -> None:
    year(written)
    of = of_day(written, "2027-03-31")
    assert ends(of)["left"] == (LAST_DAY, 720_000 - 15_000)
    assert ends(of)["remaining"] == (LAST_DAY, 720_000 - 50_000)
    assert ends(of, SPENT)["forecast"] == (LAST_DAY, of.figures["forecast_pence"])
    assert len(line(of, "forecast")) == 1


def test_a_leap_year_has_its_day(written: Written) -> None:
    days = by_day(of_day(written, "2028-03-31"))
    assert len(days) == 366
    assert date(2028, 2, 29) in set(days["on"])


def test_the_day_after_begins_another_year(written: Written) -> None:
    year(written)
    of = of_day(written, "2027-04-01")
    assert set(burn_down(of)["line"]) == {"spent", "promised", "forecast"}
    assert burn_down(of, LEFT).empty
    assert ends(of, SPENT)["spent"] == (date(2027, 4, 1), 0)


def test_the_allocation_steps_where_the_final_notice_changed_it(written: Written) -> None:
    year(written)
    of = of_day(written, "2027-01-31")
    steps, notices = line(of, "allocation", SPENT), line(of, "notice")
    assert list(steps["on"]) == [date(2026, 5, 14), date(2026, 12, 10), LAST_DAY]
    assert list(steps["pence"]) == [1_000_000, 900_000, 900_000]
    assert list(steps["note"]) == ["provisional", "final", "final"]
    assert list(notices["pence"]) == [800_000, 720_000]
    days = by_day(of).set_index("on")["left_pence"]
    assert days[date(2026, 12, 9)] - days[date(2026, 12, 10)] == 80_000


def test_a_notice_before_the_year_holds_from_its_first_day(written: Written) -> None:
    notice = {"financial_year": "2026-27", "fund": "PP+", "children": 10, "stage": "provisional"}
    written.row("pp_allocation", **notice, amount_pence=500_000, notified_on="2026-03-20")
    request(written, "R1", requested_on="2026-04-01", decided_on=None, amount_pence=10_000)
    pay(written, "P1", "R1", "2026-04-02", 5_000)
    assert list(line(of_day(written, "2026-04-01"), "left")["on"]) == [date(2026, 4, 1)]


def test_the_final_notice_is_not_known_the_day_before(written: Written) -> None:
    year(written)
    assert set(line(of_day(written, "2026-12-09"), "allocation", SPENT)["pence"]) == {1_000_000}
    assert line(of_day(written, "2026-12-10"), "plan")["pence"][0] == 720_000


def test_plan_falls_at_each_payment_run_and_nowhere_else(written: Written) -> None:
    year(written)
    of = of_day(written, "2026-11-23")
    plan = line(of, "plan")
    assert list(plan["on"][1:-1]) == list(of.rows["runs"]["on"])
    assert planned_pence(of, date(2026, 4, 1)) == 0
    assert planned_pence(of, date(2026, 4, 19)) == 0
    assert planned_pence(of, date(2026, 4, 20)) == 53_333
    assert planned_pence(of, date(2026, 8, 20)) == 266_666
    assert planned_pence(of, date(2026, 12, 18)) == 533_333
    assert planned_pence(of, date(2027, 3, 14)) == 533_333 + 88_889 * 2
    assert planned_pence(of, date(2027, 3, 15)) == planned_pence(of, LAST_DAY) == 800_000


def test_without_a_notice_nobody_knows_what_is_left(written: Written) -> None:
    year(written)
    of = of_day(written, "2026-05-13")
    assert set(burn_down(of)["line"]) == {"spent", "promised", "forecast"}
    assert burn_down(of, LEFT).empty
    assert planned_pence(of, date(2026, 5, 13)) is None


def test_a_request_paid_beyond_its_amount_takes_nothing_from_another(written: Written) -> None:
    request(written, "R1", requested_on="2026-04-02", decided_on="2026-04-03", amount_pence=10_000)
    request(written, "R2", requested_on="2026-04-02", decided_on=None, amount_pence=10_000)
    pay(written, "P1", "R1", "2026-04-05", 15_000)
    pay(written, "P2", "R2", "2026-04-05", 4_000, "recovered")
    of = of_day(written, "2026-04-30")
    assert ends(of, SPENT)["promised"] == (date(2026, 4, 30), 21_000)
    committed = by_day(of).set_index("on")["committed_pence"]
    assert [committed[date(2026, 4, day)] for day in (1, 2, 3, 5)] == [0, 10_000, 20_000, 10_000]


def test_nothing_has_arrived(written: Written) -> None:
    of = of_day(written, "2026-11-23")
    for form in (LEFT, SPENT):
        assert burn_down(of, form).empty
    assert table(of)["left_pence"].isna().all()


def test_a_caseload_has_no_allocation(small: Connection) -> None:
    of = at(small, SMALL_AUTHORITY_AS_AT, Scope(names=True, adviser="nobody", restricted=False))
    assert set(burn_down(of)["line"]) == {"spent", "promised"}
    assert burn_down(of, LEFT).empty


def test_the_forecast_has_a_band_at_each_coming_run_and_stands_at_31_march(written: Written) -> None:
    year(written)
    of = of_day(written, "2026-11-23")
    ahead = [
        RunForecast(date(2026, 12, 18), 20_000, 25_000, 30_000),
        RunForecast(date(2027, 3, 15), 30_000, 45_000, 70_000),
    ]
    lines = burn_down(of, LEFT, ahead)
    own = lines[lines["line"] == "forecast"]
    assert list(own["on"]) == [date(2026, 11, 23), date(2026, 12, 18), date(2027, 3, 15), LAST_DAY]
    assert list(own["pence"]) == [790_000, 775_000, 755_000, 755_000]
    assert list(own["low_pence"]) == [790_000, 770_000, 730_000, 730_000]
    assert list(own["high_pence"]) == [790_000, 780_000, 770_000, 770_000]


def test_the_table_has_every_run_notice_and_the_day_shown(written: Written) -> None:
    year(written)
    rows = table(of_day(written, "2026-12-11")).set_index("on")
    assert rows.loc[date(2026, 5, 14), "what"] == "Provisional notice"
    assert rows.loc[date(2026, 12, 11), "left_pence"] == 710_000
    assert rows.loc[date(2026, 12, 18), "what"] == "Payment run"
    assert pd.isna(rows.loc[date(2026, 12, 18), "left_pence"])
    assert rows.loc[date(2027, 3, 15), "what"] == "Last payment run"
    assert rows.loc[LAST_DAY, "planned_left_pence"] == 0
    assert len(rows) == 12 + 2 + 1 + 2


def test_each_point_opens_what_it_is_made_of(small: Connection) -> None:
    of = with_children.pp_plus(small, Frame.for_subject("pp-plus", SMALL_AUTHORITY_AS_AT))
    days = by_day(of).set_index("on")
    left = line(of, "left")["on"]
    for on in left[1:-1]:
        fell = days.loc[on, "paid_pence"] - days.loc[on - timedelta(days=1), "paid_pence"]
        rows = behind(of, "left", on).rows
        assert rows.loc[rows["status"] == "paid", "amount_pence"].sum() == fell
    for on in (left[2], SMALL_AUTHORITY_AS_AT):
        assert behind(of, "remaining", on).rows["committed_pence"].sum() == days.loc[on, "committed_pence"]
    runs = [run for run in of.rows["runs"]["on"] if run <= SMALL_AUTHORITY_AS_AT]
    listed = pd.concat([behind(of, "run", run).rows for run in runs])
    listed = listed[listed["status"] == "paid"]
    assert listed["amount_pence"].sum() == days.loc[runs[-1], "paid_pence"]
    assert behind(of, "run", date(2027, 3, 15)).kind == "requests"
    waiting = behind(of, "forecast", None).rows
    asked = waiting.loc[waiting["state"].isin(["requested", "queried"]), "amount_pence"].sum()
    assert asked == of.figures["requested_pence"]
    assert len(behind(of, "notice", None).rows) == 1
