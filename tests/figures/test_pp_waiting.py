"""Requests by where they stand, over rows in the database: the facts behind each reason, and who may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import Connection, select

from tests.queries.written import Written
from vs_core.access.viewer import EVERYTHING, Viewer
from vs_core.casework import reference
from vs_core.figures import pp_waiting
from vs_core.queries import pp_waiting as queries
from vs_core.rules.frame import Frame
from vs_core.rules.pp_policy_schools import kind_of_school
from vs_core.rules.pp_waiting import STAGES

AS_AT, LA, TERM = date(2026, 11, 23), "Westmere", "2026/27 autumn"
LEAD = Viewer(1, "lead", "A lead", "operations", "s1")
TYPES = ("Community school", "Academy converter", "Other independent school", "Pupil referral unit", "Unheard of", None)


@pytest.fixture
def authority(written: Written) -> Written:
    halves = (("1", "2026-09-03", "2026-10-23"), ("2", "2026-11-02", "2026-12-18"), ("3", "2027-01-05", "2027-02-12"))
    for number, start, end in halves:
        label = {"what": f"half term {number}", "academic_year": "2026/27", "school": ""}
        written.row("calendar_entry", la=LA, started_on=start, ended_on=end, **label)
    written.row("school_details", school="100001", name="One", type="Community school", la_name=LA)
    written.row("school_details", school="100002", name="Two", type="Academy converter", la_name="Elsewhere")
    for urn in ("100001", "100002"):
        before = {"payment_id": f"P {urn}", "status": "paid", "paid_on": "2026-05-15", "amount_pence": 100}
        written.row("pp_payment", school=urn, vendor=f"V {urn}", invoice="I1" if urn == "100002" else None, **before)
    for child in ("SIGNED", "UNSIGNED", "HIDDEN"):
        written.child(child, born_on="2015-01-10", restricted=child == "HIDDEN")
        written.care(child, "2024-01-08")
        signed = None if child == "UNSIGNED" else "2026-10-10"
        written.row("pep", child=child, term=TERM, kind="review", due_on="2026-11-15", quality_assured_on=signed)
    return written


def ask(written: Written, number: str, child: str, status: str = "approved", **more: object) -> None:
    decided = None if status in ("requested", "queried") else "2026-11-12"
    own = {"request_id": number, "child": child, "status": status, "term": TERM, "financial_year": "2026-27"}
    asked = {"amount_pence": 50_000, "requested_on": "2026-10-20", "decided_on": decided, "school": "100001"}
    written.row("pp_request", **{**own, **asked, **more})


def read(connection: Connection, known_on: date | None = None, scope=EVERYTHING) -> pd.DataFrame:
    frame = Frame.for_subject("pp-plus", AS_AT, known_on)
    return pp_waiting.requests(connection, frame, LA, scope).set_index("request_id")


def test_each_request_stands_where_its_facts_put_it(authority: Written) -> None:
    for number, child, status in (
        ("R1", "SIGNED", "requested"),
        ("R2", "SIGNED", "rejected"),
        ("R3", "UNSIGNED", "approved"),
        ("R4", "SIGNED", "approved"),
        ("R5", "SIGNED", "part-approved"),
        ("R6", "SIGNED", "approved"),
    ):
        ask(authority, number, child, status)
    ask(authority, "R7", "SIGNED", "approved", school="100002")
    ask(authority, "R8", "SIGNED", "approved", school="100003")
    pay = {"amount_pence": 50_000, "school": "100001", "fund": "PP+"}
    authority.row("pp_payment", payment_id="P5", request_id="R5", status="in batch", batch="B-12", **pay)
    authority.row("pp_payment", payment_id="P6", request_id="R6", status="paid", paid_on="2026-11-20", **pay)
    with authority.reading() as connection:
        rows = read(connection)
        stages = pp_waiting.by_stage(rows.reset_index())
    assert rows["stage"].to_dict() == {
        "R1": "asked for",
        "R2": "rejected",
        "R3": "plan not signed",
        "R4": "ready to pay",
        "R5": "in a batch",
        "R6": "paid",
        "R7": "awaiting invoice",
        "R8": "awaiting vendor",
    }
    assert rows.loc["R5", "why"] == "In batch B-12: finance has it and has not paid it yet."
    assert list(rows["age_days"].unique()) == [34]
    assert list(stages["stage"]) == [stage for stage in STAGES if stage in set(rows["stage"])]
    assert stages["requests"].sum() == 8
    assert stages.set_index("stage").loc["ready to pay", "pence"] == 50_000


def test_the_policy_that_is_chosen_is_read(authority: Written) -> None:
    ask(authority, "R1", "SIGNED", school="100002")
    authority.row(
        "pep", child="SIGNED", term=TERM, kind="initial", due_on="2026-11-15", quality_assured_on="2026-11-16"
    )
    with authority.reading() as connection:
        assert read(connection).loc["R1", "why"] == "Approved on 12 Nov; awaits the school's invoice."
    reference.choose_policy(LEAD, "norfolk-like", date(2026, 4, 1), AS_AT, engine=authority.engine)
    with authority.reading() as connection:
        now, then = read(connection).loc["R1"], read(connection, date(2026, 11, 22)).loc["R1"]
    assert now["why"] == "Approved on 12 Nov; awaits the school's invoice, due by 12 Dec or the money goes back."
    assert then["why"] == "Approved on 12 Nov; awaits the school's invoice."


def test_a_query_is_dated_by_the_day_it_was_known(authority: Written) -> None:
    ask(authority, "R1", "SIGNED", "requested", known_from="2026-10-20", known_to="2026-11-03")
    ask(authority, "R1", "SIGNED", "queried", known_from="2026-11-03", known_to="2026-11-10")
    ask(authority, "R1", "SIGNED", "queried", known_from="2026-11-10", target="Reading")
    with authority.reading() as connection:
        assert read(connection).loc["R1", "why"] == "Queried on 3 Nov: waiting for the school's answer."
        assert read(connection, date(2026, 11, 2)).loc["R1", "stage"] == "asked for"


def test_a_payment_that_came_back_waits_until_another_goes_out(authority: Written) -> None:
    pay = {"amount_pence": 50_000, "school": "100001", "fund": "PP+"}
    for number in ("R1", "R2"):
        ask(authority, number, "SIGNED")
        back = {"payment_id": f"{number} a", "status": "returned", "paid_on": "2026-11-13"}
        authority.row("pp_payment", request_id=number, **back, **pay)
    authority.row("pp_payment", payment_id="again", request_id="R2", status="in batch", batch="B2", **pay)
    with authority.reading() as connection:
        rows = read(connection)
    assert list(rows["stage"]) == ["returned", "in a batch"]
    assert rows.loc["R1", "why"].startswith("Paid and returned by the bank on 13 Nov")


def test_restricted_children_are_counted_the_same_for_everybody(authority: Written) -> None:
    ask(authority, "R1", "SIGNED", school="100002")
    ask(authority, "R2", "HIDDEN", school="100002")
    unnamed = replace(EVERYTHING, restricted=False)
    with authority.reading() as connection:
        every, some = read(connection), read(connection, scope=unnamed)
    columns = ["stage", "requests", "pence", "oldest_days"]
    one, other = (pp_waiting.by_stage(rows.reset_index())[columns] for rows in (every, some))
    assert one.equals(other)
    assert sorted(some["is_listed"]) == [False, True]
    assert some.loc[~some["is_listed"], "school"].isna().all()


def test_the_kind_of_a_school_is_that_of_the_rule(written: Written) -> None:
    with written.reading() as connection:
        found = {each: connection.scalar(select(queries.kind_column(each))) for each in TYPES}
    assert found == {each: kind_of_school(each) for each in TYPES}


def test_no_request_no_row(written: Written) -> None:
    with written.reading() as connection:
        rows = read(connection)
    assert rows.empty
    assert pp_waiting.by_stage(rows.reset_index()).empty
