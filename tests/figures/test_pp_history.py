"""What became of requests: steps by hand, and before and after against a second, naive computation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Table, insert, select

from tests.queries.written import Written
from vs_core.access.viewer import EVERYTHING
from vs_core.figures import pp_history
from vs_core.rules import pp_history as rules
from vs_core.rules.effect import KNOWN
from vs_core.store.engine import writing
from vs_core.store.schema import invoice_received, payee, pp_request

AS_AT, FIRST = date(2026, 11, 23), date(2026, 9, 1)
"""No bank holiday lies between the two, and no calendar is loaded: a school day is a day from Monday to Friday."""
PRESENT, ABSENT, NEITHER = "/", "O", "X"
DAYS, FEWEST = 10, 10
AGREED = ("approved", "part-approved")


def ask(written: Written, number: str, child: str = "A", **more: Any) -> None:
    own = {"request_id": number, "child": child, "school": "", "status": "approved", "term": "2026/27 autumn"}
    usual = {"financial_year": "2026-27", "amount_pence": 50_000, "requested_on": "2026-09-02"}
    written.row("pp_request", **{**own, **usual, "decided_on": "2026-09-10", **more})


def pay(written: Written, number: str, payment: str, on: str | None, status: str = "paid", **more: Any) -> None:
    own = {"payment_id": payment, "request_id": number, "status": status, "paid_on": on, "school": ""}
    written.row("pp_payment", **{**own, "amount_pence": 50_000, **more})


def told(connection: Connection, as_at: date = AS_AT, known_on: date | None = None) -> list[tuple[str, str, Any]]:
    rows = pp_history.steps(connection, as_at, known_on)
    amounts = [None if pd.isna(pence) else int(pence) for pence in rows["pence"]]
    return list(zip(rows["on"].map(date.isoformat), rows["what"], amounts, strict=True))


def test_each_step_has_its_day_and_its_amount(written: Written) -> None:
    asked = {"status": "requested", "decided_on": None}
    ask(written, "R1", known_from="2026-09-02", known_to="2026-09-05", **asked)
    ask(written, "R1", known_from="2026-09-05", known_to="2026-09-10", **{**asked, "status": "queried"})
    part = {"status": "part-approved", "approved_amount_pence": 30_000}
    ask(written, "R1", known_from="2026-09-10", known_to="2026-11-20", **part)
    ask(written, "R1", known_from="2026-11-20", impact="Reads more", **part)
    pay(written, "R1", "P1", None, "in batch", known_from="2026-10-01", known_to="2026-10-16", amount_pence=30_000)
    pay(written, "R1", "P1", "2026-10-15", "returned", known_from="2026-10-16", amount_pence=30_000)
    pay(written, "R1", "P2", "2026-10-30", amount_pence=30_000)
    pay(written, "R1", "P3", "2026-11-22", "recovered", amount_pence=1)
    every = [
        ("2026-09-02", "asked for", 50_000),
        ("2026-09-05", "queried", None),
        ("2026-09-10", "part-approved", 30_000),
        ("2026-10-01", "in a batch", 30_000),
        ("2026-10-15", "returned", 30_000),
        ("2026-10-30", "paid", 30_000),
        ("2026-11-20", "impact recorded", None),
        ("2026-11-22", "recovered", 1),
    ]
    with written.reading() as connection:
        assert told(connection) == every
        assert told(connection, date(2026, 10, 29)) == every[:5]
        assert told(connection, AS_AT, date(2026, 9, 7)) == [every[0], every[1], *every[5:6], *every[7:]]
        row = pp_history.requests(connection, AS_AT, None).iloc[0]
        before = pp_history.requests(connection, date(2026, 11, 19), None).iloc[0]
    assert (row["paid_pence"], row["recovered_pence"], row["impact"]) == (30_000, 1, "Reads more")
    assert (before["recovered_pence"], before["impact"], before["has_impact"]) == (0, None, False)


def wrote(connection: Connection, table: Table, on: str, **values: Any) -> None:
    told = {"known_from": date.fromisoformat(on), "written_at": datetime.fromisoformat(f"{on}T09:00:00+00:00")}
    connection.execute(insert(table).values(**values, **told, written_by="operations"))


def test_each_step_says_who_and_since_when_it_waited(written: Written) -> None:
    """A school of another authority, set up as a vendor five days after the approval; its invoice came later still."""
    written.row("school_details", school="S", name="Far", la_name="Elsewhere")
    written.row("pep", child="A", term="2026/27 autumn", kind="review", due_on="2026-09-20",
                quality_assured_on="2026-09-08")  # fmt: skip
    ask(written, "R1", school="S", decided_by="Olive Lead")
    with written.reading() as connection:
        (asked,) = connection.execute(select(pp_request.c.school_key, pp_request.c.child_key)).all()
    with writing(written.engine) as connection:
        for day, vendor in (("2026-09-15", "V1"), ("2026-11-01", "V2")):
            wrote(connection, payee, day, school_key=asked.school_key, vendor=vendor, sends_invoice=True)
        came = {"request_id": "R1", "child_key": asked.child_key, "invoice": "I1", "received_on": date(2026, 9, 20)}
        wrote(connection, invoice_received, "2026-09-21", **came)
    with written.reading() as connection:
        rows = pp_history.steps(connection, AS_AT, None, authority="Westmere")
        early = pp_history.steps(connection, date(2026, 9, 14), None, authority="Westmere")
    assert list(zip(rows["on"].map(date.isoformat), rows["what"], rows["by"], strict=True)) == [
        ("2026-09-02", "asked for", "the file does not say"),
        ("2026-09-08", "plan signed off", "the file does not say"),
        ("2026-09-10", "approved", "Olive Lead"),
        ("2026-09-10", "awaiting vendor set-up", "waits for finance and the school"),
        ("2026-09-10", "awaiting invoice", "waits for the school"),
        ("2026-09-15", "vendor set up", "operations"),
        ("2026-09-20", "invoice received", "operations"),
    ]
    assert len(early) == 5


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_an_impact_is_owed_from_the_day_after_the_term(written: Written) -> None:
    written.row(
        "calendar_entry", la="Westmere", started_on="2026-11-02", ended_on="2026-12-18", what="half term 2",
        academic_year="2026/27", school="",
    )  # fmt: skip
    written.row(
        "calendar_entry", la="Westmere", started_on="2026-09-03", ended_on="2026-10-23", what="half term 1",
        academic_year="2026/27", school="",
    )  # fmt: skip
    for number in ("owed", "told", "not paid"):
        ask(written, number, impact="Better" if number == "told" else None)
    ask(written, "no term", term=None)
    for number in ("owed", "told", "no term"):
        pay(written, number, f"P {number}", "2026-10-15")
    with written.reading() as connection:
        for day, owed in ((date(2026, 12, 18), set()), (date(2026, 12, 19), {"owed"})):
            rows = pp_history.requests(connection, day, None, authority="Westmere")
            assert set(rows.loc[rows["owes_impact"], "request_id"]) == owed
        without = pp_history.requests(connection, date(2026, 12, 31), None, authority="Elsewhere")
        assert not without["owes_impact"].any()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_whether_an_impact_is_recorded_does_not_hang_on_who_looks(written: Written) -> None:
    written.child("A", restricted=True)
    ask(written, "R1", impact="Where it is", target="Where it is")
    for scope in (replace(EVERYTHING, restricted=False), replace(EVERYTHING, names=False, restricted=False)):
        with written.reading() as connection:
            row = pp_history.requests(connection, AS_AT, None, scope).iloc[0]
            assert (row["has_impact"], row["impact"], row["target"], row["is_listed"]) == (True, None, None, False)
            steps = pp_history.steps(connection, AS_AT, None, scope)
            assert set(steps["what"]) == {"asked for", "approved", "awaiting vendor set-up", "impact recorded"}


def random_authority(written: Written, chance: Random) -> tuple[dict[str, str], list[dict[str, Any]], Any]:
    """Marks of each child by day from FIRST on, requests, and plans."""
    marks, plans = {}, {}
    for child in ("A", "B", "C"):
        days = [chance.choice((PRESENT, PRESENT, PRESENT, ABSENT, NEITHER)) for _ in range(84)]
        marks[child] = "".join(code if place % 7 < 4 or place % 7 == 6 else "." for place, code in enumerate(days))
        written.care(child, "2024-01-08")
        codes = "".join(code + ("\\" if code == PRESENT else code) for code in marks[child])
        written.marks(child, FIRST.isoformat(), codes)
        plans[child] = sorted(
            (FIRST + timedelta(days=chance.randrange(90)), chance.choice(("red", "amber", "green"))) for _ in range(3)
        )
        for number, (on, quality) in enumerate(plans[child]):
            due = {"due_on": on.isoformat(), "quality_assured_on": on.isoformat(), "quality": quality}
            written.row("pep", child=child, term=f"202{number}/2{number + 1} autumn", kind="review", **due)
    asked = []
    for number in range(25):
        row = {
            "child": chance.choice("ABC"),
            "status": chance.choice((*AGREED, "approved", "rejected")),
            "starts_on": FIRST + timedelta(days=chance.randrange(90)),
            "intervention": chance.choice(("Mentoring", "Reading")),
        }
        asked.append(row)
        ask(written, f"R{number}", **{**row, "starts_on": row["starts_on"].isoformat()})
    return marks, asked, plans


def naive_window(codes: str, on: date, step: int) -> tuple[date, int, int]:
    """The furthest school day, and possible and attended sessions of the days up to it."""
    day, left, possible, attended = on, DAYS, 0, 0
    while left:
        day += timedelta(days=step)
        left -= day.weekday() < 5
        place = (day - FIRST).days
        code = codes[place] if 0 <= place < len(codes) else "."
        possible += 2 * (code in (PRESENT, ABSENT))
        attended += 2 * (code == PRESENT)
    return day, possible, attended


def naive_change(codes: str, on: date) -> float | None:
    _, possible, attended = naive_window(codes, on, -1)
    last, possible_after, attended_after = naive_window(codes, on, 1)
    if last >= AS_AT or min(possible, possible_after) < FEWEST:
        return None
    return 100 * attended_after / possible_after - 100 * attended / possible


def naive_quality(plans: list[tuple[date, str]], on: date) -> str:
    order = ["red", "amber", "green"]
    before = [quality for day, quality in plans if day <= on]
    after = [quality for day, quality in plans if on < day <= AS_AT]
    if not before or not after:
        return ""
    moved = order.index(after[0]) - order.index(before[-1])
    return ["the same", "better", "better", "worse", "worse"][moved]


@pytest.mark.parametrize("seed", [3, 4])
def test_a_second_computation_of_before_and_after_agrees(written: Written, seed: int) -> None:
    marks, asked, plans = random_authority(written, Random(seed))
    with written.reading() as connection:
        rows = pp_history.before_and_after(connection, AS_AT, None, FIRST)
        groups = rules.by_group(rows, "intervention", 1, 1).set_index("group")
    begun = {
        f"R{number}": row for number, row in enumerate(asked) if row["status"] in AGREED and row["starts_on"] <= AS_AT
    }
    assert set(rows["request_id"]) == set(begun)
    changes: dict[str, list[float]] = {"Mentoring": [], "Reading": []}
    for row in rows.to_dict("records"):
        of = begun[row["request_id"]]
        change = naive_change(marks[of["child"]], of["starts_on"])
        assert (row["effect_state"] == KNOWN) == (change is not None)
        assert row["quality_change"] == naive_quality(plans[of["child"]], of["starts_on"])
        if change is not None:
            assert row["change_points"] == pytest.approx(change)
            changes[of["intervention"]].append(change)
    for name, own in changes.items():
        assert groups.loc[name, "cases"] == len(own)
        assert len(own) > 1
        assert groups.loc[name, "median_points"] == pytest.approx(median(own))
        assert groups.loc[name, "rose"] == sum(change > 1e-9 for change in own)


def cases(number: int, children: int) -> pd.DataFrame:
    rows = {"child_key": [place % children for place in range(number)], "group": "Mentoring"}
    own = {"effect_state": KNOWN, "change_points": [float(place) for place in range(number)]}
    return pd.DataFrame({**rows, **own, "quality_change": rules.BETTER})


@pytest.mark.parametrize(("number", "children", "shown"), [(5, 5, False), (6, 6, True), (6, 5, False), (7, 7, True)])
def test_of_one_to_five_cases_or_children_only_the_number_is_told(number: int, children: int, shown: bool) -> None:
    row = rules.by_group(cases(number, children), "group", 1, 5).iloc[0]
    assert (row["cases"], row["children"], row["plans"]) == (number, children, number)
    for name, value in (("median_points", (number - 1) / 2), ("rose", number - 1), ("fell", 0), ("better", number)):
        assert (row[name] == value) if shown else pd.isna(row[name])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_without_a_request_there_is_nothing(written: Written) -> None:
    with written.reading() as connection:
        assert pp_history.requests(connection, AS_AT, None).empty
        assert pp_history.steps(connection, AS_AT, None).empty
        seen = pp_history.before_and_after(connection, AS_AT, None, FIRST)
    assert seen.empty
    assert rules.by_group(seen, "intervention", 1, 5).empty
