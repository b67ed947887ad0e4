import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from vs_core.rules import measures
from vs_core.rules.dated import Code, codes_by_code, is_valid_code
from vs_core.rules.exclusions import (
    category_of,
    days_of,
    is_counted,
)
from vs_core.rules.frame import Frame, term_without_calendar
from vs_core.rules.measures_exclusions import days_by, notices_in_period

SOUTHEND = Path(__file__).parents[1] / "real_data" / "suspensions_southend_2016-17"
FRAME = Frame.for_subject("exclusions", date(2027, 8, 31))
COLUMNS = ["child_id", "start_date", "category", "sessions", "reason1", "status", "term"]


@pytest.mark.parametrize(
    ("category", "sessions", "days"),
    [("SUSP", 1, 0.5), ("FIXD", 90, 45.0), ("LNCH", 5, 0.5), ("PERM", 10, 0.0), ("SUSP", None, 0.0)],
)
def test_days_of_a_notice(category, sessions, days):
    assert days_of(category, sessions) == days


def test_a_category_that_is_none_is_refused():
    with pytest.raises(ValueError, match="'EXCL' is not a category"):
        category_of("EXCL")


@pytest.mark.parametrize(
    ("category", "status", "counts"),
    [
        ("SUSP", None, True),
        ("SUSP", "withdrawn", False),
        ("SUSP", "reinstated", True),
        ("PERM", "reinstated", False),
        ("PERM", "withdrawn", False),
        ("PERM", "upheld", True),
    ],
)
def test_what_counts_as_a_notice(category, status, counts):
    assert is_counted(category, status) is counts


class Notice(NamedTuple):
    child_id: str
    start_date: date
    category: str
    sessions: int | None
    term: str
    status: str | None = None


def notice(child: str, on: date, sessions: int, category: str = "SUSP", status: str | None = None) -> Notice:
    return Notice(child, on, category, sessions, str(term_without_calendar(on)), status)


def frame_of(*notices: Notice, reason: str | None = "PP") -> pd.DataFrame:
    rows = [[n.child_id, n.start_date, n.category, n.sessions, reason, n.status, n.term] for n in notices]
    return pd.DataFrame(rows, columns=COLUMNS)


def exclusions(rows: pd.DataFrame, frame: Frame, in_term: int, in_year: int) -> dict:
    notices = notices_in_period(rows, frame)
    return measures.exclusions(notices, days_by(notices, "term", in_term), days_by(notices, "academic_year", in_year))


@pytest.mark.parametrize(("sessions", "over"), [(29, 0), (30, 0), (31, 1)])
def test_the_15th_day_of_a_term_is_within_the_limit_and_half_a_day_more_is_not(sessions, over):
    found = exclusions(frame_of(notice("A", date(2026, 9, 1), sessions)), FRAME, 15, 45)
    assert (found["over_15_days_in_term"], found["over_45_days_in_year"]) == (over, 0)


def test_the_45th_day_of_a_year_is_within_the_limit_and_half_a_day_more_is_not():
    at_limit = [notice("A", date(year, month, 1), 30) for year, month in ((2026, 9), (2027, 2), (2027, 6))]
    beyond = [*at_limit, notice("A", date(2027, 5, 1), 1, "LNCH")]
    for notices, over in ((at_limit, 0), (beyond, 1)):
        assert exclusions(frame_of(*notices), FRAME, 15, 45)["over_45_days_in_year"] == over
    assert exclusions(frame_of(*at_limit), FRAME, 15, 45)["over_15_days_in_term"] == 0


def test_days_are_counted_by_term_and_year_of_their_start():
    both = Frame(date(2027, 8, 31), None, date(2026, 1, 1), date(2027, 8, 31))
    rows = notices_in_period(frame_of(notice("A", date(2026, 8, 31), 40), notice("A", date(2026, 9, 1), 41)), both)
    assert dict(days_by(rows, "term", 15).set_index("term")["days"]) == {"2025/26 summer": 20, "2026/27 autumn": 20.5}
    by_year = days_by(rows, "academic_year", 45).set_index("academic_year")
    assert dict(by_year["days"]) == {"2025/26": 20, "2026/27": 20.5}
    assert not by_year["is_over"].any()


def test_days_of_a_withdrawn_notice_were_served():
    rows = frame_of(
        notice("A", date(2026, 9, 1), 30, status="withdrawn"),
        notice("A", date(2026, 9, 30), 1),
        notice("B", date(2026, 9, 1), 30),
        notice("C", date(2026, 9, 1), 0, "PERM", "reinstated"),
        notice("C", date(2026, 9, 2), 1, "LNCH"),
        notice("D", date(2026, 8, 31), 10),
    )
    found = exclusions(rows, FRAME, 15, 45)
    assert found["suspensions"] == found["suspended_children"] == 2
    assert (found["suspension_days"], found["lunchtime_days"], found["days_lost"]) == (15.5, 0.5, 16.0)
    assert found["permanent_exclusions"] == 0
    assert found["over_15_days_in_term"] == 1


def test_an_empty_reason_is_not_given():
    rows = pd.concat(
        [
            frame_of(notice("A", date(2026, 9, 1), 1), reason=None),
            frame_of(notice("B", date(2026, 9, 1), 1), reason=""),
            frame_of(notice("C", date(2026, 9, 1), 1)),
        ]
    )
    assert exclusions(rows, FRAME, 15, 45)["by_reason"] == {"not given": 2, "PP": 1}


def test_nothing_happened():
    found = exclusions(pd.DataFrame(columns=COLUMNS), FRAME, 15, 45)
    assert found == dict.fromkeys(found, 0) | {"by_reason": {}}


def test_the_southend_suspensions_give_the_published_figures():
    rows = pd.read_csv(SOUTHEND / "suspensions.csv", dtype=str, keep_default_na=False)
    rows["start_date"] = [date.fromisoformat(text) for text in rows["start_date"]]
    rows["term"] = [str(term_without_calendar(on)) for on in rows["start_date"]]
    rows = rows.rename(columns={"pupil_id": "child_id"}).assign(sessions=rows["sessions"].astype(int), status=None)
    expected = json.loads((SOUTHEND / "expected.json").read_text(encoding="utf-8"))
    found = exclusions(rows, Frame.for_subject("exclusions", date(2017, 8, 31), cohort="all"), 15, 45)
    assert found["suspensions"] == expected["suspensions"]
    assert found["suspended_children"] == expected["pupils_with_one_or_more"]
    assert found["by_reason"] == expected["by_reason"]
    assert found["suspension_days"] == expected["days_lost_generated(sessions/2)"]


def test_reasons_are_dated(reference):
    listed = [
        Code(
            "reason", row["code"], row["meaning"], None, date.fromisoformat(row["ends_on"]) if row["ends_on"] else None
        )
        for row in reference("suspension_reasons.csv")
    ]
    reasons = codes_by_code(listed, "reason")
    assert is_valid_code("OT", date(2020, 8, 31), reasons)
    assert not is_valid_code("OT", date(2020, 9, 1), reasons)
    assert not is_valid_code("PR", date(2026, 11, 23), reasons)
    assert sum(is_valid_code(code, date(2026, 11, 23), reasons) for code in reasons) == 29
