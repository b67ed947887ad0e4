"""Rates, policies and limits changed and confirmed: kept beside what ships, known from their day, by who may pay."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from tests.queries.written import Written
from vs_core.access.viewer import Viewer
from vs_core.casework import reference
from vs_core.casework.reference import NewValue
from vs_core.casework.turns import ActionError, Overtaken
from vs_core.figures import compute, fetch
from vs_core.rules.frame import Frame
from vs_core.rules.reference_changes import LIMITS, POLICIES, RATES
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import reading, writing

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
LEAD = Viewer(1, "lead", "A lead", "operations", "s1")
HEAD = Viewer(2, "head", "A head", "headteacher", "s2")
RATE = NewValue(RATES, "2026-27", "PP+", "271000", "DfE, conditions of grant 2026-27")
LIMIT = NewValue(POLICIES, "norfolk-like", "term_limit_pence", "65000", "Our policy, 2027", date(2027, 4, 1))


def test_a_confirmed_rate_takes_the_place_of_what_ships_from_its_day(engine: Engine) -> None:
    number = reference.change(LEAD, RATE, MONDAY, engine=engine)
    with reading(engine) as connection:
        before = fetch.pp_rates(connection, FRIDAY)["2026-27", "PP+"]
        now, then = (fetch.pp_rates(connection, on)["2026-27", "PP+"] for on in (None, MONDAY))
        told = connection.execute(select(audit_event)).one()
    assert (before.pence, before.unconfirmed) == (269_000, True)
    assert now == then
    assert (now.pence, now.unconfirmed, now.source) == (271_000, False, RATE.source)
    assert (told.what, told.subject) == ("rate or policy confirmed", "pp_rate 2026-27 PP+")
    assert json.loads(told.detail)["value"] == "271000"
    assert number == 1


def test_a_rate_of_a_year_that_nobody_has_set(engine: Engine) -> None:
    new = replace(RATE, subject="2027-28", unconfirmed=True)
    reference.change(LEAD, new, MONDAY, engine=engine)
    with reading(engine) as connection:
        rate = fetch.pp_rates(connection)["2027-28", "PP+"]
        changes = fetch.changes(connection)
    assert (rate.pence, rate.unconfirmed) == (271_000, True)
    assert (changes[0].starts_on, changes[0].ends_on) == (date(2027, 4, 1), date(2028, 3, 31))


def test_the_policy_that_holds_is_chosen_and_none_is_before(engine: Engine) -> None:
    april, november = date(2026, 4, 1), date(2026, 11, 1)
    reference.choose_policy(LEAD, "norfolk-like", april, FRIDAY, engine=engine)
    reference.choose_policy(HEAD, "essex-like", november, MONDAY, engine=engine)
    with reading(engine) as connection:
        held = [fetch.policy(connection, on) for on in (date(2026, 3, 31), april, date(2026, 10, 31), november)]
        known = [fetch.policy(connection, november, on) for on in (date(2026, 11, 19), FRIDAY, MONDAY)]
    assert [each and each.key for each in held] == [None, "norfolk-like", "norfolk-like", "essex-like"]
    assert [each and each.key for each in known] == [None, "norfolk-like", "essex-like"]


def test_a_term_that_holds_from_another_day_stands_beside_the_old_one(engine: Engine) -> None:
    reference.choose_policy(LEAD, "norfolk-like", date(2026, 4, 1), MONDAY, engine=engine)
    reference.change(LEAD, LIMIT, MONDAY, engine=engine)
    with reading(engine) as connection:
        held = [fetch.policy(connection, on) for on in (date(2027, 3, 31), date(2027, 4, 1))]
    assert [each and each.term_limit_pence for each in held] == [60_000, 65_000]


def test_a_limit_is_changed_for_what_is_known_from_then_on(engine: Engine) -> None:
    new = NewValue(LIMITS, "", "top_slice_percent", "15", "Schools forum, 20 Nov 2026")
    reference.change(LEAD, new, MONDAY, engine=engine)
    with reading(engine) as connection:
        shares = [fetch.thresholds(connection, on).whole("top_slice_percent", MONDAY) for on in (FRIDAY, MONDAY, None)]
    assert shares == [20, 15, 15]


def test_what_was_known_before_a_change_is_the_same_after_it(engine: Engine) -> None:
    written = Written(engine)
    notice = {"financial_year": "2026-27", "fund": "PP+", "stage": "final", "amount_pence": 257_000_000}
    written.row("pp_allocation", notified_on="2026-06-01", **notice)
    then, now = (Frame.for_subject("pp-plus", MONDAY, known_on) for known_on in (FRIDAY, None))
    with written.reading() as connection:
        before = compute(connection, "pp-plus", then).figures
    reference.change(LEAD, NewValue(LIMITS, "", "top_slice_percent", "15", "Schools forum"), MONDAY, engine=engine)
    with reading(engine) as connection:
        again, today = (compute(connection, "pp-plus", frame).figures for frame in (then, now))
    assert before == again
    assert (before["retained_pence"], today["retained_pence"]) == (51_400_000, 38_550_000)


def test_who_may_not_pay_changes_nothing(engine: Engine) -> None:
    for role in ("inclusion", "adviser", "analyst", "administrator"):
        with pytest.raises(PermissionError):
            reference.change(replace(LEAD, role=role), RATE, MONDAY, engine=engine)
        with pytest.raises(PermissionError):
            reference.choose_policy(replace(LEAD, role=role), "essex-like", MONDAY, MONDAY, engine=engine)
    with reading(engine) as connection:
        assert fetch.changes(connection) == []


IMPOSSIBLE = (
    replace(RATE, value="0"),
    replace(RATE, value="-1"),
    replace(RATE, value="much"),
    replace(RATE, value=""),
    replace(RATE, source="  "),
    replace(RATE, subject="2026/27"),
    replace(RATE, subject="2026"),
    replace(RATE, name="another fund"),
    replace(RATE, list="a list"),
    replace(LIMIT, subject="nobody's"),
    replace(LIMIT, name="a term"),
    replace(LIMIT, name="funds_academy", value="maybe"),
    replace(LIMIT, ends_on=date(2027, 3, 31)),
    NewValue(LIMITS, "", "top_slice_percent", "101", "x"),
    NewValue(LIMITS, "", "payment_run_day", "29", "x"),
    NewValue(LIMITS, "", "good_attendance_percent", "90", "x"),
)


def test_what_cannot_be_is_not_written(engine: Engine) -> None:
    for new in IMPOSSIBLE:
        with pytest.raises(ActionError, match=r"\.$"):
            reference.change(LEAD, new, MONDAY, engine=engine)
    with pytest.raises(ActionError):
        reference.choose_policy(LEAD, "another's", MONDAY, MONDAY, engine=engine)
    with reading(engine) as connection:
        assert fetch.changes(connection) == []


def test_who_was_overtaken_is_told_by_whom(engine: Engine) -> None:
    first = reference.change(LEAD, RATE, MONDAY, seen=0, engine=engine)
    with pytest.raises(Overtaken, match="lead has changed this to 271000"):
        reference.change(HEAD, replace(RATE, value="270000"), MONDAY, seen=0, engine=engine)
    reference.change(HEAD, LIMIT, MONDAY, seen=0, engine=engine)
    reference.change(HEAD, replace(RATE, value="270000"), MONDAY, seen=first, engine=engine)
    with reading(engine) as connection:
        assert fetch.pp_rates(connection)["2026-27", "PP+"].pence == 270_000


def test_changes_can_only_grow(engine: Engine) -> None:
    reference.change(LEAD, RATE, MONDAY, engine=engine)
    replacing = "INSERT OR REPLACE INTO reference_change SELECT * FROM reference_change"
    last = replacing if engine.dialect.name == "sqlite" else "TRUNCATE reference_change"
    for statement in ("UPDATE reference_change SET value = '1'", "DELETE FROM reference_change", last):
        with pytest.raises(DBAPIError, match="reference_change can only grow"), writing(engine) as connection:
            connection.execute(text(statement))
