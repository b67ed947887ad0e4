"""The worklist of who may not know where restricted children are, and its order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Table, insert, select

from tests.queries.written import Written
from vs_core.figures import effects, reconciling, triage, triage_letter
from vs_core.figures.registers import NO_DATES
from vs_core.queries.scope import EVERYTHING
from vs_core.reports import school_table
from vs_core.rules import effect
from vs_core.rules import worklist_views as views
from vs_core.rules.effect import KNOWN
from vs_core.rules.listed import listed
from vs_core.rules.worklist_views import Looking
from vs_core.store import schema
from vs_core.store.engine import writing

AS_AT = date(2024, 11, 8)
UNNAMED = replace(EVERYTHING, restricted=False)


@pytest.fixture
def authority(written: Written) -> Written:
    """Term dates of Westmere; none of Kent, where a restricted child is at school."""
    for number, (start, end) in enumerate((("2024-09-02", "2024-10-25"), ("2024-11-04", "2024-12-20")), start=1):
        about = {"la": "Westmere", "school": "", "academic_year": "2024/25", "what": f"half term {number}"}
        written.row("calendar_entry", **about, started_on=start, ended_on=end)
    for urn, la in (("100001", "Westmere"), ("900001", "Kent")):
        written.row("school_details", school=urn, name=f"School {urn}", la_name=la)
    for child, urn, codes in (
        ("A", "100001", "//EE//////"),
        ("B", "100001", "NNNNNNNNNN"),
        ("K", "900001", "NNEENNNNNN"),
    ):
        written.care(child, "2020-01-01")
        written.child(child, born_on="2012-01-10", restricted=child == "K")
        written.enrolled(child, urn, "2023-09-01")
        written.marks(child, "2024-11-04", codes, urn)
    return written


def test_restricted_children_are_among_the_rows_and_not_listed(authority: Written) -> None:
    with authority.reading() as connection:
        every = triage.worklist(connection, AS_AT, None)
        seen = triage.worklist(connection, AS_AT, None, UNNAMED)
    assert list(every["child_id"]) == ["B", "K", "A"]
    assert list(seen["child_key"]) == list(every["child_key"])
    assert list(seen["score"]) == list(every["score"])
    assert list(seen["is_listed"]) == [True, False, True]
    assert "Kent" in every["sessions_left_why_not"][1]
    assert seen["sessions_left_why_not"][1] == NO_DATES
    assert "Kent" not in seen.to_csv()


def test_reconciliations_tell_no_school_of_a_restricted_child(authority: Written) -> None:
    with authority.reading() as connection:
        every = reconciling.reconciliations(connection, date(2024, 11, 19), None)
        seen = reconciling.reconciliations(connection, date(2024, 11, 19), None, UNNAMED)
    assert reconciling.counts(seen).equals(reconciling.counts(every))
    assert set(every["school"]) == {"School 100001", "School 900001"}
    assert list(seen.loc[~seen["is_listed"], "school"].notna()) == [False] * int((~seen["is_listed"]).sum())
    assert "900001" not in seen.to_csv()
    told = dict(zip(every["kind"], every["to_do"], strict=True))
    assert told["e_alone"] == "Ask the school for the notice of the suspension, or for the right code."


def test_equal_scores_are_ranked_by_lower_attendance(authority: Written) -> None:
    for child, codes in (("C", "NNNNNNNNNN"), ("D", "NNNNNNNNNN")):
        authority.care(child, "2020-01-01")
        authority.child(child, born_on="2012-01-10")
        authority.enrolled(child, "100001", "2023-09-01")
        authority.marks(child, "2024-11-04", codes, "100001")
        authority.marks(child, "2024-10-21", "//" if child == "C" else "NN", "100001")
    with authority.reading() as connection:
        rows = triage.worklist(connection, AS_AT, None)
    assert rows["score"].nunique() < len(rows)
    ordered = sorted(zip(-rows["score"], rows["attendance_percent"], rows["child_key"], strict=True))
    assert [key for _, _, key in ordered] == list(rows["child_key"])


def test_a_kind_of_action_is_told_with_its_cases(authority: Written) -> None:
    with authority.reading() as connection:
        rows = effects.effects(connection, AS_AT, None)
        assert effect.by_kind(rows).empty
    base = {"kind": "contact", "before_possible": 20, "after_possible": 20, "state": KNOWN}
    cases = [base | {"child_key": key, "before_attended": there, "after_attended": after}
             for key, there, after in ((1, 10, 20), (1, 20, 10), (2, 10, 10), (3, 5, 15))]  # fmt: skip
    cases.append(base | {"child_key": 4, "before_attended": 0, "after_attended": 0, "state": effect.NOT_YET})
    found = effect.by_kind(rows.iloc[:0].from_records(cases)).iloc[0]
    assert (found["cases"], found["children"], found["not_yet"], found["rose"], found["fell"]) == (4, 3, 1, 2, 1)
    assert (found["before_percent"], found["after_percent"]) == (56.25, 68.75)
    assert found["change_points"] == 12.5


def test_codes_of_before_august_2024_count_as_they_did_then(written: Written) -> None:
    for child, codes in (("H", "//HHFFYYHH"), ("J", "//HHJJ")):
        written.care(child, "2020-01-01")
        written.child(child, born_on="2012-01-10")
        written.enrolled(child, "100001", "2023-09-01")
        written.marks(child, "2024-07-08", codes, "100001")
    with written.reading() as connection:
        rows = triage.worklist(connection, date(2024, 7, 12), None).set_index("child_id")
    assert "missed the last 6 sessions in a row" in rows.loc["H", "reasons"]
    assert list(rows["absent_sessions"]) == [6, 2]
    assert not any(each.startswith("missed") for each in rows.loc["J", "reasons"])


def written_down(connection: Connection, table: Table, child: str, **values: Any) -> None:
    key = connection.scalar(select(schema.child.c.id).where(schema.child.c.child_id == child))
    stamp = {"written_at": datetime(2024, 11, 1, tzinfo=UTC), "written_by": "test", "known_from": date(2024, 11, 1)}
    connection.execute(insert(table).values(**(stamp | {"child_key": key} | values)))


ACTION = {"subject": "Attendance", "next_step": "Ring", "owner": "A. Officer", "opened_on": date(2024, 11, 1)}


def test_an_open_action_about_a_child_who_left_care_is_not_lost(authority: Written) -> None:
    for child, restricted in (("LEFT", False), ("HIDDEN", True), ("DONE", False)):
        authority.care(child, "2020-01-01", "2024-11-01")
        authority.child(child, born_on="2012-01-10", restricted=restricted)
    with authority.reading():
        pass
    with writing(authority.engine) as connection:
        for number, child in enumerate(("LEFT", "HIDDEN", "DONE")):
            closed = {"closed_on": date(2024, 11, 1)} if child == "DONE" else {}
            due = {"action_id": number, "due_on": date(2024, 11, 4)}
            written_down(connection, schema.action, child, **ACTION, **due, **closed)
    with authority.reading() as connection:
        rows = triage.worklist(connection, AS_AT, None, UNNAMED)
    by = Looking("A. Officer", AS_AT, None)
    late = views.of(views.OVERDUE, rows, by)
    assert list(late["reasons"]) == [("action overdue by 4 school days", "not in care")] * 2
    assert list(late["is_listed"]) == [True, False]
    mine = views.of(views.MINE, listed(rows), by)
    assert (list(mine["child_id"]), list(mine["attendance_percent"].isna())) == (["LEFT"], [True])
    assert school_table.answerable(mine).empty


def test_a_suspension_since_a_snooze_is_in_all_views_again(authority: Written) -> None:
    notice = {"notice_key": "N1", "category": "SUSP", "started_on": "2024-11-05", "sessions": 2, "status": "issued"}
    authority.row("exclusion", child="B", school="100001", **notice)
    late = notice | {"notice_key": "N2", "started_on": "2024-11-01"}
    authority.row("exclusion", child="A", school="100001", **late, known_from="2024-11-06")
    with authority.reading():
        pass
    snooze = {"kind": "snooze", "happened_on": date(2024, 11, 1), "said": "away", "until_on": date(2024, 11, 22)}
    with writing(authority.engine) as connection:
        for child in "AB":
            written_down(connection, schema.case_entry, child, **snooze)
    with authority.reading() as connection:
        for known_on, back in ((None, {"A", "B"}), (date(2024, 11, 5), {"B"})):
            rows = triage.worklist(connection, AS_AT, known_on).set_index("child_id")
            assert {
                child for child in "AB" if child in rows.index and pd.isna(rows.loc[child, "snoozed_until"])
            } == back
    assert "snoozed until 22 Nov, but suspended on Tuesday 5 Nov" in rows.loc["B", "reasons"]


def test_a_letter_tells_a_school_of_its_own_sessions_only(authority: Written) -> None:
    """M came from another school on 4 November, where it was never seen and was suspended; B was here all the time."""
    authority.care("M", "2020-01-01")
    authority.child("M", born_on="2012-01-10")
    authority.enrolled("M", "100002", "2023-09-01", "2024-11-03")
    authority.enrolled("M", "100001", "2024-11-04")
    for monday in ("2024-09-30", "2024-10-07", "2024-10-14", "2024-10-21"):
        authority.marks("M", monday, "NNNNNNNNNN", "100002")
        authority.marks("B", monday, "//////////", "100001")
    authority.marks("M", "2024-11-04", "//////IIII", "100001")
    notice = {"notice_key": "N1", "category": "SUSP", "started_on": "2024-11-07", "sessions": 2, "status": "issued"}
    authority.row("exclusion", child="M", school="100002", **notice)
    authority.row("exclusion", child="B", school="100001", **(notice | {"notice_key": "N2"}))
    with authority.reading() as connection:
        facts = triage.Facts.read(connection, AS_AT, None, EVERYTHING, "Westmere")
        rows = facts.worklist(connection, EVERYTHING)
        here = rows[rows["urn"] == "100001"]
        told = triage_letter.at_school(connection, facts, here, "100001", EVERYTHING).set_index("child_id")
    every = rows.set_index("child_id")
    assert (every.loc["M", "absent_sessions"], every.loc["M", "possible_sessions"]) == (44, 50)
    assert (told.loc["M", "absent_sessions"], told.loc["M", "possible_sessions"]) == (4, 10)
    assert told.loc["M", "attendance_percent"] == 60
    assert "missed the last 4 sessions in a row" in told.loc["M", "reasons"]
    assert "suspended" in every.loc["M", "parts"]
    assert {"suspended", "falling", "severe"}.isdisjoint(told.loc["M", "parts"])
    assert "newly persistently absent (provisional: 10 sessions)" in told.loc["M", "reasons"]
    same = ["parts", "points", "absent_sessions", "possible_sessions", "attendance_percent"]
    assert told.loc["B", same].to_dict() == every.loc["B", same].to_dict()


def test_a_letter_tells_nothing_of_who_may_not_be_listed(authority: Written) -> None:
    with authority.reading() as connection:
        facts = triage.Facts.read(connection, AS_AT, None, UNNAMED, "Westmere")
        rows = facts.worklist(connection, UNNAMED)
        told = triage_letter.at_school(connection, facts, rows, "900001", UNNAMED)
    assert set(told["possible_sessions"]) <= {0}
